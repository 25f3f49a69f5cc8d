using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

/// <summary>Every folder of every template's samples is a case; a new one needs no code.</summary>
public class SampleTests
{
    public static TheoryData<string, string> Samples => [.. Directory.EnumerateDirectories(Folders.Templates)
        .Where(t => Directory.Exists(Path.Combine(t, "samples")))
        .SelectMany(t => Directory.EnumerateDirectories(Path.Combine(t, "samples")).Select(s => (Path.GetFileName(t), Path.GetFileName(s))))
        .Order()];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_as_it_expects(string template, string sample)
    {
        var loaded = TemplateCatalog.Load(Folders.Templates).OrThrow().Find(template);

        Assert.NotNull(loaded);
        Assert.Equal("", string.Join('\n', TemplateSample.Check(loaded, Path.Combine(Folders.Templates, template, "samples", sample))));
    }

    [Fact]
    public void Every_template_has_a_sample()
    {
        foreach (var template in TemplateCatalog.Load(Folders.Templates).Templates)
        {
            var samples = Path.Combine(Folders.Templates, template.Name, "samples");
            Assert.True(Directory.Exists(samples) && Directory.EnumerateDirectories(samples).Any(), $"{template.Name} has no samples.");
        }
    }
}
