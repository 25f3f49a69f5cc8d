using System.Globalization;
using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Templates;

/// <summary>How templates' regular expressions are compiled.</summary>
internal static class Patterns
{
    private const RegexOptions Always = RegexOptions.Multiline | RegexOptions.CultureInvariant;

    /// <summary>
    /// <c>^</c> and <c>$</c> stand for lines. Time is linear in the device's text wherever the pattern allows it; one that looks around or back is
    /// cut off after a second instead, so that no answer can hold a lane (T17).
    /// </summary>
    /// <exception cref="ArgumentException">It is not a regular expression.</exception>
    public static Regex Compile(string pattern)
    {
        try
        {
            return new Regex(pattern, Always | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Always, TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The pattern for a whole text, not for a line of it: <c>$</c> would let a line feed follow.</summary>
    public static Regex Whole(Regex pattern) => new($@"\A(?:{pattern})\z", pattern.Options & ~RegexOptions.Multiline, pattern.MatchTimeout);
}

internal static class Durations
{
    private static readonly TimeSpan Most = TimeSpan.FromHours(1);

    public static TimeSpan? TryParse(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        TimeSpan? time = !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? null : text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => null,
        };
        return time > TimeSpan.Zero && time <= Most ? time : null;
    }
}
