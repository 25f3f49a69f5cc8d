using System.Text;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

public sealed class TemplateCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_repository_s_templates_have_no_fault()
    {
        var catalog = TemplateCatalog.Load(Folders.Templates);

        Assert.Equal("", string.Join('\n', catalog.Faults));
        Assert.NotNull(catalog.Find("huawei-vrp5"));
        Assert.NotNull(catalog.Find("open-vswitch"));
        Assert.Null(catalog.Find("nobody"));
    }

    [Fact]
    public void Every_folder_s_faults_are_told_together()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        Write("broken", "a: [");
        Write("other", "name: another");

        var catalog = TemplateCatalog.Load(_folder);

        Assert.Equal(["broken/template.yaml", "empty/template.yaml", "other/template.yaml"], catalog.Faults.Select(f => f.File).Distinct());
        var thrown = Assert.Throws<TemplateException>(catalog.OrThrow);
        Assert.All(catalog.Faults, f => Assert.Contains(f.ToString(), thrown.Message));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_a_fault() => Assert.Single(TemplateCatalog.Load(Path.Combine(_folder, "nowhere")).Faults);

    [Fact]
    public void A_recorded_S5720_is_known_by_what_it_says_of_itself()
    {
        var recording = File.ReadLines(Folders.Recorded("snmprec", "vrp_5720.snmprec")).Select(l => l.Split('|', 3)).Where(v => v.Length == 3).ToList();
        var descr = Encoding.ASCII.GetString(Convert.FromHexString(recording.First(v => v[0] == "1.3.6.1.2.1.1.1.0")[2]));
        var id = recording.First(v => v[0] == "1.3.6.1.2.1.1.2.0")[2];
        var catalog = TemplateCatalog.Load(Folders.Templates);

        var template = catalog.Match(id, descr);

        Assert.Equal("huawei-vrp5", template?.Name);
        var names = recording.Where(v => v[0].StartsWith("1.3.6.1.2.1.31.1.1.1.1.", StringComparison.Ordinal)).Select(v => v[2]).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, n => Assert.Equal(IsPort(n), template!.Template.PortPattern.IsMatch(n)));
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.2011.2.23.291", "VRP (R) software,Version 5.170 (S5720 V200R010C00SPC600)", "huawei-vrp5")]
    [InlineData(".1.3.6.1.4.1.2011.2.23.291", "VRP (R) Software, Version 5.130", "huawei-vrp5")]
    [InlineData("1.3.6.1.4.1.2011.2.239.1", "VRP (R) software, Version 8.180 (CE6850)", "huawei-vrp8")]
    [InlineData("1.3.6.1.4.1.2011.23", "VRP (R) software, Version 5.170", null)]
    [InlineData("1.3.6.1.4.1.8072.3.2.10", "Linux sw1 6.1.0 #1 SMP Debian x86_64", "open-vswitch")]
    [InlineData("1.3.6.1.4.1.8072.3.2.100", "Linux sw1 6.1.0", null)]
    [InlineData("1.3.6.1.4.1.9.1.1", "Cisco IOS Software", "cisco-ios")]
    [InlineData("1.3.6.1.4.1.9.1.1", "Cisco IOS XR Software", null)]
    [InlineData("1.3.6.1.4.1.9.12.3.1.3.1", "Cisco NX-OS(tm) n5000", null)]
    [InlineData(null, null, null)]
    public void A_switch_is_matched_by_everything_that_its_template_asks_for(string? sysObjectId, string? sysDescr, string? expected) =>
        Assert.Equal(expected, TemplateCatalog.Load(Folders.Templates).Match(sysObjectId, sysDescr)?.Name);

    [Fact]
    public void The_longest_identifier_wins_and_a_draw_is_nobody_s()
    {
        foreach (var (name, match) in new[]
        {
            ("wide", "sysObjectId: [1.3.6.1.4.1.5]"), ("narrow", "sysObjectId: [1.3.6.1.4.1.5.7]"), ("twin", "sysObjectId: [1.3.6.1.4.1.5.7]"),
            ("described", "{ sysObjectId: [1.3.6.1.4.1.5.7], sysDescr: Special }"),
        })
        {
            Write(name, $$"""
                name: {{name}}
                title: {{name}}
                match: {{(match.StartsWith('{') ? match : $"{{ {match} }}")}}
                ports: { pattern: 'ge\d+' }
                firstWords: [up, down]
                terminal: { prompt: '(?<host>\S+)#' }
                fields: { adminStatus: { up: up, down: down, verify: snmp } }
                save: { none: nothing to save }
                """);
        }

        var catalog = TemplateCatalog.Load(_folder).OrThrow();

        Assert.Equal("wide", catalog.Match("1.3.6.1.4.1.5.8.1", "x")?.Name);
        Assert.Null(catalog.Match("1.3.6.1.4.1.5.7.1", "x"));
        Assert.Equal("described", catalog.Match("1.3.6.1.4.1.5.7.1", "A Special one")?.Name);
    }

    /// <summary>Not the subinterfaces (…0/0/2.1): they are parts of a port, never sold.</summary>
    private static bool IsPort(string ifName) => ifName.Contains("Ethernet", StringComparison.Ordinal) && !ifName.Contains('.');

    private void Write(string name, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "template.yaml"), yaml);
    }
}
