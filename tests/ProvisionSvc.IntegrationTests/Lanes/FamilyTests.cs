using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Lanes;

/// <summary>One switch of every family behind real sshd and SNMP, ordered through the API: what each switch wrote down is what the journal says, line for line.</summary>
public sealed class FamilyTests(FamilyLab lab) : IClassFixture<FamilyLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("huawei-vrp5", true)]
    [InlineData("huawei-vrp8", false)]
    [InlineData("h3c-comware", true)]
    [InlineData("cisco-ios", false)]
    [InlineData("ruijie-rgos", false)]
    [InlineData("mikrotik-routeros", false)]
    [InlineData("open-vswitch", true)]
    [InlineData("snmp-only", false)]
    public async Task A_line_lives_by_orders_and_the_switch_executed_what_the_journal_says(string family, bool limitsRates)
    {
        var (name, circuit) = (lab.SwitchOf(family), Place.Key());
        var port = lab.FreePort(name);
        await lab.DoAsync(Place.Activate(circuit, lab.Account, name, port) with { RateEnforcedElsewhere = !limitsRates }, _ct);
        var lit = lab.Lab.Control.State(name, port);
        Assert.True(lit.AdminUp);
        Assert.InRange(lit.DefaultVlan, 1001, 1999);
        Assert.Equal((circuit, limitsRates ? 100_000 : null), (lit.Description, lit.OutboundKbps));

        await lab.DoAsync(Place.Suspend(circuit), _ct);
        Assert.False(lab.Lab.Control.State(name, port).AdminUp);
        await lab.DoAsync(Place.Resume(circuit), _ct);
        Assert.True(lab.Lab.Control.State(name, port).AdminUp);
        await lab.DoAsync(Place.Disconnect(circuit), _ct);
        var dark = lab.Lab.Control.State(name, port);
        Assert.Equal((false, 1, "", null), (dark.AdminUp, dark.DefaultVlan, dark.Description, dark.OutboundKbps));

        Assert.False(lab.Lab.Control.State(name).Unsaved);
        Assert.All(lab.Lab.WriteLog.WritesOf(name).Where(w => w.Port is not null), w => Assert.Equal(port, w.Port));
        await lab.EveryWriteWasIntendedAsync(name, _ct);
        await lab.EveryIntentWasExecutedAsync(name, _ct);
    }

    [Theory]
    [InlineData("juniper-junos")]
    [InlineData("dlink-des")]
    [InlineData("frr")]
    public async Task A_family_that_has_no_access_VLAN_refuses_a_line_and_is_not_written(string family)
    {
        var name = lab.SwitchOf(family);
        foreach (var order in new[]
        {
            Place.Activate(Place.Key(), lab.Account, name, lab.FreePort(name)) with { RateEnforcedElsewhere = true },
            Place.Suspend(lab.Sold(name).CircuitId),
        })
        {
            using var answer = await lab.Client.PostAsJsonAsync("/api/v1/orders", order, _ct);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            Assert.Contains($"Template {family} cannot set accessVlan", await answer.Content.ReadAsStringAsync(_ct), StringComparison.Ordinal);
        }

        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));
    }

    [Fact]
    public async Task A_switch_whose_agent_names_no_port_is_not_taken_over_and_says_why()
    {
        var name = lab.SwitchOf("zte-zxr10");
        var adopted = await lab.Client.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Switch = name, Apply = true }, _ct);
        var view = Assert.Single(adopted.Switches);
        Assert.False(view.Adopted);
        Assert.Contains("ifName", view.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(lab.Lab.WriteLog.Entries, e => e.Switch == name && e.Kind == LogKind.Write);
    }
}

/// <summary>A building with one switch of each family; draft templates are trusted here, for the switches are simulated.</summary>
public sealed class FamilyLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (KnownFamilies.All.Count, 1);

    protected override IReadOnlyList<string> Families => [.. KnownFamilies.All.Select(f => f.Name)];

    protected override IReadOnlyList<string> Settings => ["--Provision:AllowDraftTemplates=true"];

    public string SwitchOf(string family) => Lab.Switches.Single(s => s.Family.Name == family).Name;

    protected override bool IsAdopted(string switchName) => Lab.Find(switchName).Family.Name != "zte-zxr10";
}
