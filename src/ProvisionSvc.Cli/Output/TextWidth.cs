using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace ProvisionSvc.Cli.Output;

/// <summary>Text as terminal cells: a Chinese character takes two, a control character none and is never let through.</summary>
internal static class TextWidth
{
    public static int Of(string text) => IsPlain(text) ? text.Length : new Segment(text).CellCount();

    public static string Fit(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var kept = new StringBuilder();
        var used = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var cells = Of(rune.ToString());
            if (used + cells > width - 1)
            {
                break;
            }

            kept.Append(rune);
            used += cells;
        }

        return kept.Append('…').ToString();
    }

    /// <summary>Cut in the middle: names of ports begin alike and differ at the end.</summary>
    public static string FitEnds(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var end = "";
        foreach (var rune in text.EnumerateRunes().Reverse())
        {
            if (Of(end) + Of(rune.ToString()) > (width - 1) / 2)
            {
                break;
            }

            end = rune + end;
        }

        return Fit(text, width - Of(end)) + end;
    }

    public static string Pad(string text, int width) => text + new string(' ', Math.Max(0, width - Of(text)));

    /// <summary>Text from a switch or a person may hold escape sequences or turn the writing direction: neither reaches the terminal.</summary>
    public static string Safe(string text) => IsPlain(text) ? text : string.Concat(text.EnumerateRunes().Select(r => IsHostile(r) ? "�" : r.ToString()));

    private static bool IsPlain(string text) => text.All(c => c is >= ' ' and <= '~');

    private static bool IsHostile(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
