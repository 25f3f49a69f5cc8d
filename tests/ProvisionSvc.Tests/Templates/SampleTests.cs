using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

/// <summary>Every folder of every template's samples is a case; a new one needs no code.</summary>
public class SampleTests
{
    public static TheoryData<string> Families => [.. TemplateFolder.Names(Folders.Templates)];

    /// <summary>What <c>provision template check</c> runs.</summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_s_template_has_no_fault_and_reads_each_sample_as_it_expects(string family)
    {
        var found = CheckTemplate.Run(TemplateFolder.Load(Folders.Templates, family));

        Assert.Equal("", string.Join('\n', found.Faults));
        Assert.NotEmpty(found.Samples);
        Assert.NotNull(found.Loaded);
    }
}
