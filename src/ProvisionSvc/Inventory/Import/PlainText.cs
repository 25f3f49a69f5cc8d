using System.Globalization;
using System.Text;

namespace ProvisionSvc.Inventory.Import;

/// <summary>Text that people can see: no controls, line or direction marks, invisible joiners, broken surrogates. Formulas are text like any other.</summary>
internal static class PlainText
{
    /// <summary>Index of the first character that cannot be seen, or null.</summary>
    public static int? FirstForeign(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }

            if (text[i] == '\uFFFD' || char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse)
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>The text for a message: foreign characters as <c>\u…</c>, cut to <paramref name="longest"/>.</summary>
    public static string Visible(string text, int longest)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Take(longest))
        {
            _ = FirstForeign(c.ToString()) is null ? shown.Append(c) : shown.Append($"\\u{(int)c:x4}");
        }

        return text.Length > longest ? $"{shown}…" : shown.ToString();
    }
}
