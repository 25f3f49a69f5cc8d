using System.Text;
using System.Text.RegularExpressions;
using ProvisionSvc.Core;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>The newest part of a conversation; read without the secrets that we know and without what looks like one.</summary>
internal sealed partial class Transcript(TerminalEndpoint endpoint)
{
    private const int Longest = 128 * 1024;
    private const int ShortestDistinct = 6;
    private readonly StringBuilder _text = new();

    private readonly Secret[] _secrets =
        [.. new[] { endpoint.Login.Password, endpoint.Login.EnableSecret, endpoint.Login.PrivateKey, endpoint.Login.KeyPassphrase }.OfType<Secret>()
            .Concat(endpoint.AlsoSecret).Where(s => s.Reveal().Length > 0).Distinct()];

    /// <summary>Characters so far, those that are no longer kept too.</summary>
    public long Length { get; private set; }

    public void Add(string text)
    {
        _text.Append(text);
        Length += text.Length;
        if (_text.Length > Longest * 2)
        {
            _text.Remove(0, _text.Length - Longest);
        }
    }

    public override string ToString() => Scrub(_text.ToString());

    /// <summary>What was said from a place on, as far as it is kept; the place is one between two lines.</summary>
    public string From(long place)
    {
        var kept = (int)Math.Clamp(Length - place, 0, _text.Length);
        return Scrub(_text.ToString(_text.Length - kept, kept));
    }

    public string Scrub(string text) => LooksSecret().Replace(Without(text, shortest: 1), "${before}***");

    /// <summary>
    /// What a device answers is read by machines and kept: it goes on without our secrets. Not without the short ones, which could be a part of
    /// any word.
    /// </summary>
    public string WithoutSecrets(string text) => Without(text, ShortestDistinct);

    private string Without(string text, int shortest)
    {
        foreach (var secret in _secrets)
        {
            if (secret.Reveal() is var known && known.Length >= shortest)
            {
                text = text.Replace(known, secret.ToString(), StringComparison.Ordinal);
            }
        }

        return text;
    }

    // "password irreversible-cipher $1c$…", "snmp-agent community read cipher …", "enable secret 5 …", "pre-shared-key simple …"
    [GeneratedRegex(
        @"(?<before>\b(?:password|passwd|secret|community|(?:pre-shared-|encryption-|auth(?:entication)?-|shared-)?key|privacy-mode \S+|authentication-mode \S+)[ \t]+" +
        @"(?:(?:read|write|ro|rw|irreversible-cipher|cipher|ciphertext|simple|plain|hash|encrypted|[05789])[ \t]+)*)[^\s]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LooksSecret();
}
