using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>Everything that asks an agent, in SNMPv3; the class's switches were adopted by it. The pinned engine, and the alarms of T5.</summary>
public sealed class V3Tests(V3EngineLab lab) : IClassFixture<V3EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_are_written_by_SET_as_the_writer_and_proven_as_the_reader()
    {
        var name = lab.NextSwitch();
        await lab.SqlAsync($"update switch set admin_status_by = 'snmp' where name = '{name}'", _ct);
        await lab.DoAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.DoAsync(Place.Resume(lab.Sold(name).CircuitId), _ct);

        Assert.Equal(["shutdown", "shutdown"], lab.Lab.WriteLog.WritesOf(name).Where(w => w.Channel == "snmp").Select(w => w.Field));
        Assert.True(lab.Lab.Control.State(name, lab.Sold(name).IfName).AdminUp);
    }

    [Fact]
    public async Task Sweeps_live_ports_and_field_work_ask_in_v3()
    {
        var name = lab.NextSwitch();
        await lab.SweepAsync(_ct);
        Assert.Equal("reachable", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);
        Assert.NotEmpty(await lab.Client.GetAsync<IReadOnlyList<PortView>>($"/api/v1/ports?switch={name}&live=true", _ct));

        var answer = await lab.Client.PostAsync<AgentAnswerView>($"/api/v1/switches/{name}/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysName.0"] }, _ct);
        Assert.Equal(name, Assert.Single(answer.Rows).Value);
        Assert.Equal(0, lab.Lab.RefusedUsers(name));
    }

    [Fact]
    public async Task An_engine_that_proved_itself_is_pinned_and_its_boots_going_back_raise_an_alarm_that_a_person_clears()
    {
        var name = lab.NextSwitch();
        await lab.SweepAsync(_ct);
        var pinned = await EngineAsync(name, e => e.Pinned is not null);
        Assert.True(pinned.Boots > 0);

        lab.Lab.ReplaceEngine(name, [], bootsBack: 1000);
        await lab.SweepAsync(_ct);
        var back = await EngineAsync(name, e => e.Boots == pinned.Boots - 1000);
        Assert.Equal(pinned.Pinned, back.Pinned);
        Assert.Contains("trust-engine", Assert.Single(await lab.AlarmsAsync($"{name}: its SNMP engine", _ct)).Remedy);
        Assert.Equal("reachable", (await lab.Client.GetAsync<SwitchView>($"/api/v1/switches/{name}", _ct)).Reachability);

        await TrustAsync(name, back.Pinned);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    [Fact]
    public async Task Another_engine_is_not_believed_until_a_person_pins_it_and_orders_wait_for_that()
    {
        var name = lab.NextSwitch();
        await lab.SweepAsync(_ct);
        var pinned = await EngineAsync(name, e => e.Pinned is not null);

        lab.Lab.ReplaceEngine(name, [0x80, 0, 0x1F, 0x88, 5, 9, 9, 9, 9], bootsBack: 0);
        var order = await lab.PlaceAsync(Place.Suspend(lab.Sold(name).CircuitId), _ct);
        await lab.UntilAsync(order.Id, "held", "snmp-engine", _ct);
        var claimed = await EngineAsync(name, e => e.Claimed is not null);
        Assert.Equal((pinned.Pinned, "80001F880509090909"), (claimed.Pinned, claimed.Claimed));
        Assert.NotEmpty(await lab.AlarmsAsync(name, _ct));
        Assert.Empty(lab.Lab.WriteLog.WritesOf(name));

        using var other = await lab.Client.PostAsJsonAsync($"/api/v1/switches/{name}/trust-engine", new TrustEngineRequest("80001F88050A0A0A0A"), _ct);
        Assert.Equal("engine-differs", (await other.Problem(System.Net.HttpStatusCode.Conflict, _ct)).Code);
        await TrustAsync(name, claimed.Claimed);
        await lab.ProvenAsync(order.Id, _ct);
        Assert.Empty(await lab.AlarmsAsync(name, _ct));
    }

    /// <summary>The pin outlives the process: who replaced the engine while the service was down is seen.</summary>
    [Fact]
    public async Task An_engine_that_was_replaced_while_the_service_was_down_is_seen_at_its_start()
    {
        var name = lab.NextSwitch();
        await lab.SweepAsync(_ct);
        await EngineAsync(name, e => e.Pinned is not null);
        await lab.Service.StopAsync();
        lab.Lab.ReplaceEngine(name, [0x80, 0, 0x1F, 0x88, 5, 7, 7, 7, 7], bootsBack: 0);
        await lab.Service.StartAsync(_ct);

        await lab.SweepAsync(_ct);
        Assert.Equal("80001F880507070707", (await EngineAsync(name, e => e.Claimed is not null)).Claimed);
    }

    private Task<EngineView> TrustAsync(string name, string? engine) =>
        lab.Client.PostAsync<EngineView>($"/api/v1/switches/{name}/trust-engine", new TrustEngineRequest(engine), _ct);

    private async Task<EngineView> EngineAsync(string name, Func<EngineView, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        while (true)
        {
            var view = await TrustAsync(name, null);
            if (wanted(view))
            {
                return view;
            }

            Assert.False(patience.IsCancellationRequested, $"The engine is {view}");
            await Task.Delay(50, _ct);
        }
    }
}
