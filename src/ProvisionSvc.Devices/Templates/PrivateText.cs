using System.Globalization;
using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Templates;

/// <summary>
/// Replaces what a recording must not tell: names and places of the switch, aliases and descriptions, addresses, and secrets. The same text becomes the
/// same stand-in everywhere, so that what belonged together still does.
/// </summary>
public sealed partial class PrivateText
{
    /// <summary>What the switch is called in a recording.</summary>
    public const string Host = "switch";

    // Shorter ones, and those without a letter, could be part of anything; they are replaced only where they stand as a description.
    private const int ShortestEverywhere = 4;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _hosts = [];
    private readonly IReadOnlyList<Regex> _secrets;
    private readonly IReadOnlyList<string> _known;
    private int _numbers, _macs, _longAddresses;

    /// <param name="secrets">The family's own rules, beyond those of <see cref="Scrub"/>.</param>
    /// <param name="known">Secrets that we know ourselves.</param>
    public PrivateText(IReadOnlyList<Regex> secrets, IReadOnlyList<string> known) => (_secrets, _known) = (secrets, known);

    /// <summary>A name of the switch.</summary>
    public void AddHost(string name)
    {
        if (name.Trim().Length >= 2 && name != Host)
        {
            _hosts.Add(name.Trim());
        }
    }

    /// <summary>The stand-in for an alias, a description or a place; nothing stands for nothing.</summary>
    public string Text(string text)
    {
        if (text.Length == 0 || text == Scrub.Hidden || _texts.ContainsValue(text))
        {
            return text;
        }

        return _texts.TryGetValue(text, out var known) ? known : _texts[text] = $"TEXT-{_texts.Count + 1:0000}";
    }

    /// <summary>An answer of the switch as it may be told.</summary>
    /// <param name="everywhere">False: known texts are replaced only where they stand as a description (one may be called "interface").</param>
    public string Clean(string answer, bool everywhere = true)
    {
        var text = Description().Replace(answer, m => m.Groups["before"].Value + Text(m.Groups["text"].Value.TrimEnd()) + m.Groups["after"].Value);
        foreach (var (from, to) in _texts.Where(t => everywhere && t.Key.Length >= ShortestEverywhere && t.Key.Any(char.IsLetter)).OrderByDescending(t => t.Key.Length))
        {
            text = Whole(text, from, to);
        }

        foreach (var host in _hosts.OrderByDescending(h => h.Length))
        {
            text = Whole(text, host, Host);
        }

        text = Mac().Replace(text, m => Stand(m.Value, NextMac));
        text = LongAddress().Replace(text, m => m.Value.Contains(':') && m.Value.Length > 4 ? Stand(m.Value, _ => $"2001:db8::{++_longAddresses:x}") : m.Value);
        text = Address().Replace(text, m => IsMask(m.Value) ? m.Value : Stand(m.Value, _ => NextAddress()));
        return Scrub.Secrets(text, _secrets, _known);
    }

    private string Stand(string address, Func<string, string> next) =>
        _addresses.ContainsValue(address) ? address : _addresses.TryGetValue(address, out var known) ? known : _addresses[address] = next(address);

    // RFC 5737 keeps these for documents; there are 762 of them, and a recording that has more tells them apart no longer.
    private string NextAddress()
    {
        var number = _numbers++;
        return $"{((string[])["192.0.2", "198.51.100", "203.0.113"])[number / 254 % 3]}.{(number % 254) + 1}";
    }

    /// <summary>RFC 7042's documentation addresses, in the notation that was found.</summary>
    private string NextMac(string found)
    {
        var digits = string.Create(CultureInfo.InvariantCulture, $"00005e0053{_macs++ % 256:x2}");
        var next = 0;
        return string.Concat(found.Select(c => char.IsAsciiHexDigit(c) ? digits[next++] : c));
    }

    private static bool IsMask(string address)
    {
        int[] numbers = [.. address.Split('.').Select(n => int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture))];
        return numbers.Any(n => n > 255) || numbers[0] is 0 or 127 or 255 || numbers.SkipWhile(n => n == 255).Skip(1).All(n => n == 0) && numbers[0] == 255;
    }

    private static string Whole(string text, string from, string to)
    {
        for (var at = text.IndexOf(from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(from, at, StringComparison.Ordinal))
        {
            var end = at + from.Length;
            var isWhole = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
            text = isWhole ? $"{text[..at]}{to}{text[end..]}" : text;
            at += isWhole ? to.Length : 1;
            if (at >= text.Length)
            {
                break;
            }
        }

        return text;
    }

    // description x, alias x, a contact, a place; ";;; x" and comment="x" of RouterOS.
    [GeneratedRegex(
        @"(?<before>^[ \t|]*(?:.*[ \t])?(?:description|alias|remark|contact|location|sysname|hostname)[ \t]*[:=]?[ \t]+""?|;;;[ \t]+|\bcomment=""?)(?<text>[^""\r\n]*?)(?<after>""?;?[ \t]*\r?)$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Description();

    [GeneratedRegex(@"(?<![0-9a-f:.-])(?:(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?:[0-9a-f]{4}[.-]){2}[0-9a-f]{4})(?![0-9a-f:.-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Mac();

    [GeneratedRegex(@"(?<![0-9a-z:.])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}|(?:[0-9a-f]{1,4}:){2,7}:)(?![0-9a-z:])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 2000)]
    private static partial Regex LongAddress();

    [GeneratedRegex(@"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)", RegexOptions.CultureInvariant, 2000)]
    private static partial Regex Address();
}
