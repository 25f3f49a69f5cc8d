using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class TemplateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-cli-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Check_lists_faults_with_their_place_and_fails()
    {
        var service = new FakeService().On("POST /api/v1/templates/check", new TemplateCheckView(
            [new("acme-os2", "Acme", "not tried", ["2.4"], [new("acme-os2/template.yaml", 3, 1, "\"colour\" is not a key of a template.", "Take it out.")]), new("frr", "FRR", null, ["8.4"], [])], 1));

        var run = await Run.OfAsync(service, "template", "check");

        Assert.Equal("{}", service.Body);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            """
            acme-os2  1 samples, draft  1 faults
              acme-os2/template.yaml:3:1: "colour" is not a key of a template.
                Take it out.
            frr  1 samples
            1 faults

            """, run.Out);
    }

    [Fact]
    public async Task Check_sends_a_folder_of_one_s_own()
    {
        var own = Directory.CreateDirectory(Path.Combine(_folder.FullName, "acme-os2", "samples", "2.4"));
        await File.WriteAllTextAsync(Path.Combine(own.FullName, "lit.txt"), "x", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "acme-os2", "template.yaml"), "name: acme-os2", TestContext.Current.CancellationToken);
        var service = new FakeService().On("POST /api/v1/templates/check", new TemplateCheckView([new("acme-os2", null, null, [], [])], 0));

        var run = await Run.OfAsync(service, "template", "check", "--from", Path.Combine(_folder.FullName, "acme-os2"), "--lang", "zh");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("无错误", run.Out);
        Assert.Equal("acme-os2", service.BodyJson.GetProperty("name").GetString());
        Assert.Equal("x", service.BodyJson.GetProperty("files").GetProperty("samples/2.4/lit.txt").GetString());
        Assert.Equal(1, (await Run.OfAsync(service, "template", "check", "--from", Path.Combine(_folder.FullName, "nothing"))).ExitCode);
    }

    [Fact]
    public async Task Try_shows_what_was_read_and_what_would_be_typed()
    {
        var service = new FakeService().On("POST /api/v1/templates/huawei-vrp5/try", new TriedTemplateView
        {
            Template = "huawei-vrp5", Switch = "sw-3", SysObjectId = "1.3.6.1.4.1.2011.2.23", SysDescr = "S5720", Fits = true, Host = "sw-3", IfName = "GigabitEthernet0/0/7",
            Reads = [new("config", "display current-configuration interface GigabitEthernet0/0/7", "interface GigabitEthernet0/0/7\n shutdown\n")],
            Reading = [new("adminStatus", true, "down", "terminal"), new("accessVlan", true, null, "terminal"), new("rateUp", false, null, "terminal")],
            Plan = Some.Plan with { Steps = [Some.Plan.Steps[0]] },
        });

        var run = await Run.OfAsync(service, "template", "try", "huawei-vrp5", "--switch", "sw-3");

        Assert.Equal("""{"switch":"sw-3"}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  adminStatus = down  (terminal)\n  accessVlan = (not set)  (terminal)\n  rateUp  NOT READ  (terminal)\n", run.Out);
        Assert.Contains("      undo shutdown\n", run.Out);
        Assert.EndsWith("nothing was written\n", run.Out);
    }

    [Fact]
    public async Task Try_fails_where_the_switch_stopped_it()
    {
        var service = new FakeService().On("POST /api/v1/templates/acme-os2/try", new TriedTemplateView { Template = "acme-os2", Switch = "sw-3", Stopped = "sw-3: no prompt within 20 s", Transcript = "login:" });

        var run = await Run.OfAsync(service, "template", "try", "acme-os2", "--switch", "sw-3", "--transcript");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("conversation:\n  login:\nstopped: sw-3: no prompt within 20 s\n", run.Out);
    }

    [Fact]
    public async Task Record_writes_the_files_and_never_over_what_is_there()
    {
        var service = new FakeService().On("POST /api/v1/switches/sw-3/sample", new RecordedSampleView(
            "sw-3", "huawei-vrp5", new Dictionary<string, string> { ["expected.yaml"] = "source: x\n", ["walk.txt"] = ".1 = INTEGER: 1\n" }, ["look at port-1"], []));
        var target = Path.Combine(_folder.FullName, "new");

        var run = await Run.OfAsync(service, "template", "record", "sw-3", "--port", "a", "--port", "b", "--out", target);

        Assert.Equal("""{"ifNames":["a","b"]}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("source: x\n", await File.ReadAllTextAsync(Path.Combine(target, "expected.yaml"), TestContext.Current.CancellationToken));
        Assert.Contains("look at port-1", run.Out);

        var again = await Run.OfAsync(service, "template", "record", "sw-3", "--out", target);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("something is there already", again.Error);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_file_that_would_leave_the_folder_is_refused()
    {
        var service = new FakeService().On("POST /api/v1/switches/sw-3/sample", new RecordedSampleView("sw-3", "x", new Dictionary<string, string> { ["../evil"] = "x" }, [], []));

        var run = await Run.OfAsync(service, "template", "record", "sw-3", "--out", Path.Combine(_folder.FullName, "new"));

        Assert.Equal(1, run.ExitCode);
        Assert.False(File.Exists(Path.Combine(_folder.FullName, "evil")));
    }

    [Fact]
    public async Task Config_shows_its_lines_its_difference_and_its_versions()
    {
        var (old, now) = (new ConfigurationVersionView(1, Some.Then, Some.Then.AddDays(1), "interval", 2, 20), new ConfigurationVersionView(2, Some.Then.AddDays(2), Some.Then.AddDays(3), "orders", 3, 30));
        var service = new FakeService()
            .On("GET /api/v1/switches/sw-3/configuration", new ConfigurationView("sw-3", now, "sysname sw-3\n#"))
            .On("GET /api/v1/switches/sw-3/configuration/diff?since=2030-01-31T01%3A00%3A00Z", new ConfigurationDiffView("sw-3", old, now, [new(1, 1, [" #", "-old", "+new"])]))
            .On("GET /api/v1/switches/sw-3/configurations", new ConfigurationListView("sw-3", [now, old], Some.Then, null, "refused"));

        Assert.Equal("sysname sw-3\n#\n", (await Run.OfAsync(service, "switch", "config", "sw-3")).Out);
        var diff = await Run.OfAsync(service, "switch", "config", "sw-3", "--diff", "2030-01-31T01:00Z");
        Assert.Equal(2, diff.ExitCode);
        Assert.Contains("@@ -1 +1 @@\n #\n-old\n+new\n", diff.Out);
        var list = await Run.OfAsync(service, "switch", "config", "sw-3", "--list");
        Assert.Contains("orders", list.Out);
        Assert.Contains("not fetched: refused", list.Out);
        Assert.Equal(1, (await Run.OfAsync(service, "switch", "config", "sw-3", "--list", "--at", "2030-01-31")).ExitCode);
    }
}
