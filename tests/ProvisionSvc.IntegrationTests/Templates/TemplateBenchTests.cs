using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.IntegrationTests.Templates;

/// <summary>Templates listed, checked, tried on a simulated switch and recorded from one, over HTTP. Nothing of it ever writes.</summary>
public sealed class TemplateBenchTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private const string Family = "huawei-vrp5";

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_family_is_listed_with_what_it_can_do_and_has_no_fault()
    {
        var listed = await lab.Client.GetAsync<IReadOnlyList<TemplateView>>("/api/v1/templates", _ct);
        var huawei = Assert.Single(listed, t => t.Name == Family);
        Assert.Equal(["adminStatus", "accessVlan", "rateDown", "rateUp", "alias"], huawei.Fields.Select(f => f.Field));
        Assert.Equal(["terminal", "snmp"], huawei.Fields[0].Write);
        Assert.Equal(("save", "display current-configuration"), (huawei.Save, huawei.Archive));
        Assert.False(Assert.Single(listed, t => t.Name == "snmp-only").Terminal);

        var checkedAll = await CheckAsync(new());
        Assert.Equal(listed.Select(t => t.Name), checkedAll.Templates.Select(t => t.Name));
        Assert.Empty(checkedAll.Templates.SelectMany(t => t.Faults));
        Assert.Equal([Family], (await CheckAsync(new() { Name = Family })).Templates.Select(t => t.Name));
        await lab.Client.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/templates/check", new CheckTemplatesRequest { Name = "../docs" }, _ct);
    }

    [Fact]
    public async Task A_folder_that_is_sent_is_told_every_fault_with_its_place_and_remedy()
    {
        var files = new Dictionary<string, string>(FilesOf(Family), StringComparer.Ordinal);
        files["template.yaml"] = files["template.yaml"].Replace("title: Huawei", "colour: red\ntitle: Huawei").Replace("down: [shutdown]", "down: [reload]");
        var faulty = Assert.Single((await CheckAsync(new() { Name = Family, Files = files })).Templates);
        Assert.Contains(faulty.Faults, f => f is { File: $"{Family}/template.yaml", Line: 3, Column: 1 } && f.Message.Contains("colour", StringComparison.Ordinal) && f.Remedy.Length > 0);
        Assert.Contains(faulty.Faults, f => f.Message.Contains("reload", StringComparison.Ordinal));

        files = new(FilesOf(Family), StringComparer.Ordinal);
        files["samples/v200r010/lit.txt"] = files["samples/v200r010/lit.txt"].Replace("default vlan 1007", "default vlan 1017");
        var wrong = Assert.Single(Assert.Single((await CheckAsync(new() { Name = Family, Files = files })).Templates).Faults);
        Assert.Contains("accessVlan should be \"1007\", is \"1017\"", wrong.Message);
        Assert.True(wrong is { File: $"{Family}/samples/v200r010/expected.yaml", Line: > 1, Column: > 1 }, wrong.ToString());
    }

    [Fact]
    public async Task A_try_reads_a_port_plans_for_its_intent_and_writes_nothing()
    {
        var name = lab.NextSwitch();
        var (sold, writes) = (lab.Sold(name), lab.Lab.WriteLog.WritesOf(name).Count);
        var tried = await TryAsync(Family, name, sold.IfName);

        Assert.Null(tried.Stopped);
        Assert.True(tried.Fits);
        Assert.Equal(name, tried.Host);
        Assert.Equal($"display current-configuration interface {sold.IfName}", Assert.Single(tried.Reads).Command);
        Assert.Contains(tried.Reading, f => f is { Field: "alias", IsRead: true } && f.Value == sold.CircuitId);
        Assert.Empty(tried.Plan!.Steps);
        Assert.Contains("screen-length 0 temporary", tried.Transcript);

        lab.Lab.Control.EditPort(name, sold.IfName, p => p with { Shutdown = true });
        var dark = await TryAsync(Family, name, sold.IfName);
        Assert.Equal(["undo shutdown"], Assert.Single(dark.Plan!.Steps).Lines);
        Assert.Equal(lab.Lab.WriteLog.WritesOf(name).Count(w => w.Channel == "control") + writes, lab.Lab.WriteLog.WritesOf(name).Count);
        Assert.Null(await LeaseAsync(name));
    }

    [Fact]
    public async Task A_try_chooses_a_port_itself_shows_an_uplink_s_refusal_and_says_where_another_family_s_template_stops()
    {
        var name = lab.NextSwitch();
        var chosen = (await TryAsync(Family, name)).IfName;
        Assert.Contains(lab.Lab.City.Services, s => s.Switch == name && s.IfName == chosen);
        var uplink = lab.Lab.Control.State(name).Ports.First(p => p.Role == "uplink" && p.IfName.Contains('/')).IfName;
        var refused = await TryAsync(Family, name, uplink);
        Assert.True(refused is { Stopped: null, Plan: null, Refusals.Count: > 0 }, $"{uplink}: {refused.Stopped} {refused.Plan}");

        var other = await TryAsync("cisco-ios", name);
        Assert.False(other.Fits);
        Assert.NotNull(other.Stopped);
        Assert.NotNull(other.Draft);
        Assert.Contains("no port", (await TryAsync(Family, name, "GigabitEthernet9/9/9")).Stopped);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));
    }

    [Fact]
    public async Task A_switch_is_tried_while_it_is_observed_but_not_while_its_lane_is_held()
    {
        var name = lab.NextSwitch();
        await lab.SqlAsync($"update switch set mode = 'observe' where name = '{name}'", _ct);
        Assert.Null((await TryAsync(Family, name)).Stopped);

        var lane = await lab.Service.Get<BorrowLane>().TryAsync(await lab.ScalarAsync<long>($"select id from switch where name = '{name}'", _ct), _ct);
        Assert.NotNull(lane);
        await using (lane)
        {
            var busy = await lab.Client.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/templates/{Family}/try", new TryTemplateRequest { Switch = name }, _ct);
            Assert.Equal("switch-busy", busy.Code);
        }

        Assert.Null((await TryAsync(Family, name)).Stopped);
        await lab.SqlAsync($"update switch set mode = 'manage' where name = '{name}'", _ct);
    }

    [Fact]
    public async Task A_recording_holds_nothing_private_and_passes_the_check_that_it_will_meet()
    {
        var name = lab.NextSwitch();
        var sold = lab.Sold(name);
        lab.Lab.Control.EditPort(name, lab.FreePort(name), p => p with { Description = "Harmony Trading Co, 4th floor" });
        var recorded = await lab.Client.PostAsync<RecordedSampleView>(
            $"/api/v1/switches/{name}/sample", new RecordSampleRequest { IfNames = [sold.IfName, lab.FreePort(name)] }, _ct);

        Assert.Empty(recorded.Notes);
        Assert.Empty(recorded.Faults);
        Assert.Equal(["expected.yaml", "port-1-config.txt", "port-2-config.txt", "session.txt", "walk.txt"], recorded.Files.Keys.Order(StringComparer.Ordinal));
        var all = string.Join('\n', recorded.Files.Values);
        Assert.All([name, "Harmony", sold.CircuitId, lab.Lab.ReadCommunity, .. lab.Lab.City.Services.Where(s => s.Switch == name).Select(s => s.CircuitId)], secret => Assert.DoesNotContain(secret, all));
        Assert.Contains($"vlan {sold.Vlan}", recorded.Files["port-1-config.txt"]);

        var files = new Dictionary<string, string>(FilesOf(Family), StringComparer.Ordinal);
        foreach (var (file, text) in recorded.Files)
        {
            files[$"samples/recorded/{file}"] = text;
        }

        var found = Assert.Single((await CheckAsync(new() { Name = Family, Files = files })).Templates);
        Assert.Contains("recorded", found.Samples);
        Assert.Empty(found.Faults);
    }

    [Fact]
    public async Task By_itself_a_recording_takes_a_lit_port_a_free_one_and_an_uplink()
    {
        var name = lab.NextSwitch();
        var recorded = await lab.Client.PostAsync<RecordedSampleView>($"/api/v1/switches/{name}/sample", new RecordSampleRequest(), _ct);
        Assert.Empty(recorded.Faults);
        Assert.Equal(3, recorded.Files["expected.yaml"].Split("- port:").Length - 1);
        Assert.Contains("refusals: ['it is a", recorded.Files["expected.yaml"]);
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));
    }

    [Fact]
    public async Task Only_engineering_puts_a_switch_on_the_bench()
    {
        var name = lab.NextSwitch();
        var business = await lab.Service.ClientAsync("business", _ct);
        await business.RefusedAsync(HttpStatusCode.Forbidden, $"/api/v1/templates/{Family}/try", new TryTemplateRequest { Switch = name }, _ct);
        await business.RefusedAsync(HttpStatusCode.Forbidden, $"/api/v1/switches/{name}/sample", new RecordSampleRequest(), _ct);
        await lab.Client.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/templates/nobody/try", new TryTemplateRequest { Switch = name }, _ct);
        await lab.Client.RefusedAsync(HttpStatusCode.NotFound, $"/api/v1/templates/{Family}/try", new TryTemplateRequest { Switch = "nobody" }, _ct);
    }

    private Task<TemplateCheckView> CheckAsync(CheckTemplatesRequest request) => lab.Client.PostAsync<TemplateCheckView>("/api/v1/templates/check", request, _ct);

    private Task<TriedTemplateView> TryAsync(string template, string name, string? ifName = null) =>
        lab.Client.PostAsync<TriedTemplateView>($"/api/v1/templates/{template}/try", new TryTemplateRequest { Switch = name, IfName = ifName }, _ct);

    private async Task<string?> LeaseAsync(string name)
    {
        var owner = await lab.ScalarAsync<object>($"select owner from lane where switch_id = (select id from switch where name = '{name}')", _ct);
        return owner as string;
    }

    private static IReadOnlyDictionary<string, string> FilesOf(string family) =>
        ProvisionSvc.Devices.Templates.TemplateFolder.Load(Path.Combine(Checkout.Root, "device-templates"), family).Files;
}
