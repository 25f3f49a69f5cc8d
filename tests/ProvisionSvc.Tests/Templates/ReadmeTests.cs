using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

public class ReadmeTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Folders.Templates, "README.md"));

    [Fact]
    public void The_README_explains_every_key_under_its_map_and_no_key_that_is_gone()
    {
        foreach (var (section, keys) in TemplateKeys.BySection)
        {
            Assert.Equal(keys.Order(StringComparer.Ordinal), KeysUnder(section).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_README_names_every_field_of_an_intent() => Assert.All(FieldNames.All, f => Assert.Contains(Lines, l => l.Contains($"`{f}`", StringComparison.Ordinal)));

    [Fact]
    public void Every_template_has_a_README() => Assert.All(
        TemplateCatalog.Load(Folders.Templates).Templates, t => Assert.True(File.Exists(Path.Combine(Folders.Templates, t.Name, "README.md")), t.Name));

    [Fact]
    public void A_template_with_lines_that_nobody_has_seen_calls_itself_a_draft() => Assert.All(
        TemplateCatalog.Load(Folders.Templates).Templates,
        t => Assert.Equal(
            File.ReadAllText(Path.Combine(Folders.Templates, t.Name, "README.md")).Contains("Not seen in any source", StringComparison.Ordinal),
            t.Template.Draft is not null));

    /// <summary>The first column of the table below a heading: <c>| `key` | …</c>.</summary>
    private static IEnumerable<string> KeysUnder(string section) => Lines
        .SkipWhile(l => l.TrimStart('#').Trim() != section || !l.StartsWith('#'))
        .Skip(1)
        .TakeWhile(l => !l.StartsWith('#'))
        .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
        .Select(l => l.Split('`')[1]);
}
