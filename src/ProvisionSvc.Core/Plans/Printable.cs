using System.Diagnostics.CodeAnalysis;

namespace ProvisionSvc.Core.Plans;

/// <summary>Text that came from a device or a file, fit for a person's screen.</summary>
public static class Printable
{
    /// <summary>True where nothing in <paramref name="text"/> but visible ASCII and blanks could reach a device.</summary>
    public static bool Is(string text) => text.All(c => c is >= ' ' and <= '~');

    /// <summary>The text with every control character, line separator and direction mark written as its number.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text) => text is null || text.All(IsShown) ? text
        : string.Concat(text.Select(c => IsShown(c) ? c.ToString() : $"\\u{(int)c:x4}"));

    private static bool IsShown(char c) => char.GetUnicodeCategory(c) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or
        System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
