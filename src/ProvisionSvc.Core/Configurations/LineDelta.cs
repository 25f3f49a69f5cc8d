using System.Globalization;
using System.Text;

namespace ProvisionSvc.Core.Configurations;

/// <summary>Edits as a text that can be kept: per edit one line <c>at removed added</c>, then the added lines.</summary>
public static class LineDelta
{
    public static string Write(IReadOnlyList<LineEdit> edits)
    {
        var text = new StringBuilder();
        foreach (var edit in edits)
        {
            text.Append(CultureInfo.InvariantCulture, $"{edit.At} {edit.Removed} {edit.Added.Count}\n");
            foreach (var line in edit.Added)
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">It is no such text.</exception>
    public static IReadOnlyList<LineEdit> Read(string text)
    {
        var edits = new List<LineEdit>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length - 1;)
        {
            int[] numbers = [.. lines[i].Split(' ').Select(n => int.Parse(n, NumberStyles.None, CultureInfo.InvariantCulture))];
            if (numbers.Length != 3 || i + 1 + numbers[2] >= lines.Length)
            {
                throw new FormatException($"\"{lines[i]}\" does not begin an edit.");
            }

            edits.Add(new(numbers[0], numbers[1], [.. lines.Skip(i + 1).Take(numbers[2])]));
            i += 1 + numbers[2];
        }

        return edits;
    }
}
