using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Templates;

/// <summary>
/// Takes secrets out of what a device showed. A net of general rules, rather too tight than too wide: what only looks like a secret is lost too, and
/// nothing that is kept is ever typed back.
/// </summary>
public static class Scrub
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Hidden = "***";

    // Words between the name of a secret and the secret itself: how it is encrypted, for whom it is, how strong.
    private const string Qualifiers =
        @"(?:(?:read|write|ro|rw|irreversible-cipher|cipher|ciphertext|simple|plain|plaintext|hash|sha|sha256|encrypted|clear|ascii|authentication|accounting|authorization" +
        @"|level[ \t]+\d{1,2}|privilege[ \t]+\d{1,2}|\d{1,2})[ \t]+)*";

    private const string Word = @"(?<secret>""[^""\n]*""|[^\s;""]+)";

    private static readonly Regex[] Rules =
    [
        Rule(@"-----BEGIN [A-Z ]*PRIVATE KEY-----(?<secret>[^-]*)-----END"),

        // password 7 …, secret 5 …, community read cipher …, encrypted-password "…", key-string 7 …
        Rule(@"\b(?:passwords?|passwd|secret|passphrase|pre-shared-key|psk|shared-key|[\w-]*key-string|[\w-]*auth(?:entication)?-key(?:[ \t]+\d+)?(?:[ \t]+md5)?|encryption-key" +
            @"|encrypted-password|plain-text-password(?:-value)?|[\w-]*ascii-text|hexadecimal|community)[ \t]+" + Qualifiers + Word),
        Rule(@"\b(?:irreversible-)?cipher(?:text)?[ \t]+" + Word),

        // tacacs-server host … key …, isakmp key …, key 7 …
        Rule(@"\b(?:tacacs\S*|radius\S*|isakmp|server-private|server|host|hwtacacs)\b[^\n]*[ \t]key[ \t]+" + Qualifiers + Word),
        Rule(@"\bkey[ \t]+(?:(?:cipher|simple|hash|encrypted|authentication|accounting|authorization|[05-9])[ \t]+)+" + Word),

        // SNMP v3, routing and time: auth sha …, privacy-mode aes128 cipher …, md5 7 …
        Rule(@"\b(?:(?:auth|authentication-mode|authentication-protocol)[ \t]+(?:md5|sha\S*|hmac-\S+|simple)|md5|hmac-\S+)[ \t]+" + Qualifiers + Word),
        Rule(@"\b(?:priv|privacy-mode|privacy-protocol)[ \t]+(?:(?:des\S*|3des\S*|aes\S*)[ \t]+(?:\d{3}[ \t]+)?)?" + Qualifiers + Word),

        // A trap receiver's community stands behind its address, with or without words between.
        Rule(@"^[ \t]*snmp-server[ \t]+host[ \t]+\S+[ \t]+(?:(?:traps?|informs?|vrf[ \t]+\S+|version[ \t]+\S+|noauth|auth|priv)[ \t]+)*" + Word),
        Rule(@"\bsecurityname[ \t]+(?:cipher[ \t]+)?" + Word),

        // password=…, ?key="…"
        Rule(@"\b[\w-]*(?:password|passwd|secret|passphrase|key|community|psk)=(?<secret>""(?:[^""\\\n]|\\.)*""|[^\s""]+)"),
        Rule(@"://[^\s:/@]+:(?<secret>[^\s@/]+)@"),

        // Hashes and ciphers that carry their kind, wherever they stand.
        Rule(@"(?<secret>\$(?:1|1a|1c|2|2a|2b|2y|5|6|8|9|14|c|h|y|sha1|sha512)\$[^\s"";]+)"),
        Rule(@"(?<secret>%\^%#\S+|%@%@\S+|@%@%\S+|%\$%\$\S+)"),
        Rule(@"^[^\n]*?(?<secret>""[^""\n]*"");?[ \t]*## SECRET-DATA"),
    ];

    /// <param name="more">Rules of the family: each has a group <c>secret</c>.</param>
    /// <param name="known">Texts that are secrets wherever they stand.</param>
    public static string Secrets(string text, IEnumerable<Regex> more, IEnumerable<string> known)
    {
        foreach (var secret in known.Where(k => k.Length > 0).OrderByDescending(k => k.Length))
        {
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return more.Concat(Rules).Aggregate(text, (t, rule) => rule.Replace(t, Hide));
    }

    private static string Hide(Match match) =>
        match.Groups["secret"] is { Success: true } secret ? match.Value[..(secret.Index - match.Index)] + Hidden + match.Value[(secret.Index - match.Index + secret.Length)..] : match.Value;

    private static Regex Rule(string pattern) => new(pattern, RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
}
