using System.Net;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.Dunning;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Dunning;

/// <summary>What billing says becomes orders; late, double and old events are harmless.</summary>
public sealed class BillingTests(EngineLab lab) : IClassFixture<EngineLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow().AddHours(-1);

    [Fact]
    public async Task Unpaid_darkens_every_line_of_the_account_and_paid_lights_them()
    {
        var (account, circuits) = await AccountAsync(3);
        var unpaid = await SayAsync(Event(account, "unpaid", 1));
        Assert.Equal("placeHolds", unpaid.Consequence);
        Assert.Equal(circuits.Order(), unpaid.Orders.Select(o => o.Service).Order());
        await DoneAsync(unpaid);
        Assert.All(circuits, c => Assert.False(Lit(c)));

        var paid = await SayAsync(Event(account, "paid", 2));
        Assert.Equal("releaseHolds", paid.Consequence);
        await DoneAsync(paid);
        Assert.All(circuits, c => Assert.True(Lit(c)));
    }

    [Fact]
    public async Task The_same_event_again_leads_to_the_same_orders()
    {
        var (account, _) = await AccountAsync(2);
        var event1 = Event(account, "unpaid", 1);
        var first = await SayAsync(event1);
        var again = await SayAsync(event1);
        Assert.Equal(first.Orders.Select(o => o.Id), again.Orders.Select(o => o.Id));
        Assert.Equal(2, await OrdersAsync(account));
    }

    [Fact]
    public async Task An_event_id_with_another_content_is_a_conflict()
    {
        var (account, _) = await AccountAsync(1);
        var event1 = Event(account, "unpaid", 1);
        await SayAsync(event1);
        Assert.Equal("event-id-taken", (await RefusedAsync(HttpStatusCode.Conflict, event1 with { Kind = "paid" })).Code);
        Assert.Equal("event-id-taken", (await RefusedAsync(HttpStatusCode.Conflict, event1 with { OccurredAt = event1.OccurredAt.AddSeconds(1) })).Code);
        var (other, _) = await AccountAsync(1);
        Assert.Equal("event-id-taken", (await RefusedAsync(HttpStatusCode.Conflict, event1 with { Account = other })).Code);
        Assert.Equal(1, await OrdersAsync(account));
        Assert.Equal(0, await OrdersAsync(other));
    }

    [Fact]
    public async Task An_event_older_than_the_newest_is_recorded_and_nothing_else()
    {
        var (account, circuits) = await AccountAsync(1);
        await DoneAsync(await SayAsync(Event(account, "paid", 5)));
        var late = await SayAsync(Event(account, "unpaid", 4));
        Assert.Equal("ignore", late.Consequence);
        Assert.Empty(late.Orders);
        Assert.True(Lit(circuits[0]));
        Assert.Empty((await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuits[0]}", _ct)).Holds);
    }

    [Fact]
    public async Task Faults_name_the_field()
    {
        var problem = await RefusedAsync(HttpStatusCode.UnprocessableEntity, new() { EventId = "a\nb", Account = "A", Kind = "maybe", OccurredAt = _start.AddDays(9) });
        Assert.Equal(["from-the-future occurredAt", "invalid-event-id eventId", "unknown-kind kind"], problem.Faults.Select(f => $"{f.Code} {f.Field}").Order());
        var unknown = await RefusedAsync(HttpStatusCode.UnprocessableEntity, Event("A-NOBODY", "paid", 1));
        Assert.Contains("A-NOBODY", Assert.Single(unknown.Faults).Message);
        Assert.Equal(0, await lab.ScalarAsync<long>("select count(*) from billing_event where account = 'A-NOBODY'", _ct));
    }

    /// <summary>T2: a token of other districts learns nothing of the account and changes nothing.</summary>
    [Fact]
    public async Task An_account_of_another_district_is_unknown()
    {
        var (account, circuits) = await AccountAsync(1);
        using var other = await lab.Service.ClientAsync("business", _ct, 9);
        var problem = await other.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/billing/events", Event(account, "unpaid", 1), _ct);
        Assert.Equal("unknown-account", Assert.Single(problem.Faults).Code);
        Assert.True(Lit(circuits[0]));
    }

    /// <summary>F31: the suspension is accepted but its switch is away; the money arrives before it runs.</summary>
    [Fact]
    public async Task Money_that_comes_while_the_suspension_waits_keeps_the_line_lit()
    {
        var (account, circuits) = await AccountAsync(1);
        var name = SwitchOf(circuits[0]);
        lab.Lab.Control.Tell(name, new Fault.Unreachable());
        var unpaid = await SayAsync(Event(account, "unpaid", 1));
        await lab.UntilAsync(unpaid.Orders[0].Id, "pending", "device-unreachable", _ct);
        var writes = lab.Lab.WriteLog.WritesOf(name).Count;
        var paid = await SayAsync(Event(account, "paid", 2));
        await lab.UntilAsync(unpaid.Orders[0].Id, "cancelled", "superseded", _ct);

        lab.Lab.Control.Clear(name);
        await lab.HurryAsync(name, _ct);
        await DoneAsync(paid);
        Assert.True(Lit(circuits[0]));
        Assert.DoesNotContain(lab.Lab.WriteLog.WritesOf(name).Skip(writes), w => w.Field == "shutdown");
    }

    /// <summary>Whatever the order in which they are handled, the newest by its own time counts.</summary>
    [Fact]
    public async Task Unpaid_and_paid_at_once_leave_the_line_lit()
    {
        var (account, circuits) = await AccountAsync(2);
        for (var round = 0; round < 10; round++)
        {
            var at = 10 * (round + 1);
            await Task.WhenAll(SayAsync(Event(account, "unpaid", at)), SayAsync(Event(account, "paid", at + 1)));
            foreach (var circuit in circuits)
            {
                var holds = (await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{circuit}", _ct)).Holds;
                Assert.All(holds, h => Assert.NotNull(h.ReleasedAt));
            }
        }
    }

    [Fact]
    public async Task Events_of_one_account_take_turns_and_those_of_others_do_not_wait()
    {
        using var turns = new AccountTurns(lab.Service.Database.DataSource);
        using var elsewhere = new AccountTurns(lab.Service.Database.DataSource);
        var first = await turns.TakeAsync("T-one", _ct);
        await using (await turns.TakeAsync("T-other", _ct))
        {
            var second = elsewhere.TakeAsync("T-one", _ct);
            Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(300, _ct)));
            await first.DisposeAsync();
            await (await second).DisposeAsync();
        }
    }

    private BillingEventRequest Event(string account, string kind, int second) => new() { EventId = Place.Key(), Account = account, Kind = kind, OccurredAt = _start.AddSeconds(second) };

    private Task<BillingEventView> SayAsync(BillingEventRequest request) => lab.Client.PostAsync<BillingEventView>("/api/v1/billing/events", request, _ct);

    private Task<ProblemView> RefusedAsync(HttpStatusCode status, BillingEventRequest request) => lab.Client.RefusedAsync(status, "/api/v1/billing/events", request, _ct);

    private async Task DoneAsync(BillingEventView view)
    {
        Assert.Empty(view.Refused);
        foreach (var order in view.Orders)
        {
            await lab.ProvenAsync(order.Id, _ct);
        }
    }

    /// <summary>An account of its own with the lines of a switch that no other test uses.</summary>
    private async Task<(string Account, IReadOnlyList<string> Circuits)> AccountAsync(int lines)
    {
        var (account, name) = (Place.Key(), lab.NextSwitch());
        var circuits = Enumerable.Range(0, lines).Select(n => lab.Sold(name, n).CircuitId).ToList();
        await lab.SqlAsync($"insert into account (number, customer_id, district) select '{account}', customer_id, district from account limit 1", _ct);
        await lab.SqlAsync($"update service set account_id = (select id from account where number = '{account}') where circuit_id in ('{string.Join("', '", circuits)}')", _ct);
        return (account, circuits);
    }

    private Task<long> OrdersAsync(string account) => lab.ScalarAsync<long>(
        $"select count(*) from service_order o join service s on s.id = o.service_id join account a on a.id = s.account_id where a.number = '{account}'", _ct);

    private string SwitchOf(string circuit) => lab.Lab.City.Services.First(s => s.CircuitId == circuit).Switch;

    private bool Lit(string circuit)
    {
        var sold = lab.Lab.City.Services.First(s => s.CircuitId == circuit);
        return lab.Lab.Control.State(sold.Switch, sold.IfName).AdminUp;
    }
}
