using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ProvisionSvc.Tests.Architecture;

/// <summary>What the sources themselves have to keep to.</summary>
public sealed partial class SourceTests
{
    public static TheoryData<string> Documented => ["ProvisionSvc.Core", "ProvisionSvc.Snmp", "ProvisionSvc.Devices"];

    [Fact]
    public void No_source_file_is_longer_than_400_lines() => Assert.DoesNotContain(
        Repository.Sources.Select(f => (File: Path.GetRelativePath(Repository.Root, f), Lines: File.ReadLines(f).Count())), f => f.Lines > 400);

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_public_type_says_in_one_line_what_it_is(string assembly)
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml");
        Assert.True(File.Exists(file), $"{file} is missing; GenerateDocumentationFile is off?");
        var said = XDocument.Load(file).Descendants("member")
            .Where(m => m.Element("summary") is { } s && !string.IsNullOrWhiteSpace(s.Value))
            .Select(m => m.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);

        // The cases of a closed family are explained by their family where their name says it all.
        var silent = Assembly.Load(assembly).GetExportedTypes()
            .Where(t => !t.IsNested && !said.Contains($"T:{t.FullName!.Replace('+', '.')}"))
            .Select(t => t.FullName);
        Assert.Empty(silent);
    }

    [Fact]
    public void Every_logged_event_has_a_number_of_its_own()
    {
        var doubled = Repository.Sources
            .SelectMany(f => EventId().Matches(File.ReadAllText(f)).Select(m => (Id: m.Groups[1].Value, File: Path.GetFileName(f))))
            .GroupBy(e => e.Id).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => e.File))}");
        Assert.Empty(doubled);
    }

    [Fact]
    public void No_machine_s_paths_and_no_half_done_work_are_left_in_the_sources() => Assert.DoesNotContain(
        Repository.Sources, f => Leftover().IsMatch(File.ReadAllText(f)));

    [Fact]
    public void Core_asks_nobody_for_the_time_a_number_or_its_surroundings() => Assert.DoesNotContain(
        Repository.Sources.Where(f => f.Contains("/ProvisionSvc.Core/", StringComparison.Ordinal)), f => Impure().IsMatch(File.ReadAllText(f)));

    [Fact]
    public void Each_migration_has_a_number_of_its_own_and_quartz_has_its_place()
    {
        // Gaps are harmless: branches take their numbers from ranges of their own.
        var numbers = Directory.GetFiles(Path.Combine(Repository.Root, "src/ProvisionSvc/Database/Migrations"), "*.sql").Select(f => int.Parse(Path.GetFileName(f)[..4])).Append(3).Order().ToList();
        Assert.Equal(numbers.Distinct(), numbers);
    }

    [GeneratedRegex(@"EventId = (\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex EventId();

    [GeneratedRegex(@"\b(UtcNow|TimeProvider|Stopwatch|NewGuid|RandomNumberGenerator)\b|\b(Random|Environment|Console|File|Directory|Process|Thread|Task)\.\w", RegexOptions.CultureInvariant)]
    private static partial Regex Impure();

    [GeneratedRegex(@"\bTODO\b|\bFIXME\b|\bHACK\b|NotImplementedException|""/(work|home|root)/", RegexOptions.CultureInvariant)]
    private static partial Regex Leftover();
}
