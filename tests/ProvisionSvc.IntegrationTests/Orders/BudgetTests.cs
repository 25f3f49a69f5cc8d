using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>The darkening budget: at most three lit ports of a building within the hour, unless a second person says so; never in the way of light.</summary>
public sealed class BudgetTests(BudgetLab lab) : IClassFixture<BudgetLab>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_fourth_darkening_of_a_building_waits_for_a_second_person()
    {
        var lines = Lines(0);
        foreach (var line in lines.Take(3))
        {
            await lab.DoAsync(Place.Suspend(line), _ct);
        }

        // What is dark already, and what brings light, is neither counted nor held.
        await lab.DoAsync(Place.Suspend(lines[0], "regulator"), _ct);
        await lab.DoAsync(Place.Resume(lines[1]), _ct);

        var fourth = await lab.PlaceAsync(Place.Suspend(lines[3]), _ct);
        Assert.Equal(("held", "budget"), (fourth.State, fourth.Reason));
        Assert.Empty(fourth.Items);
        Assert.Contains(lab.Lab.City.Buildings[0].Name, fourth.ReasonText);
        Assert.NotEmpty(await lab.AlarmsAsync("second person", _ct));
        Assert.Empty((await lab.Client.GetAsync<ServiceView>($"/api/v1/services/{lines[3]}", _ct)).Holds);
        Assert.True(Port(lines[3]).AdminUp);

        // Whoever ordered it does not release it.
        Assert.Equal("forbidden", (await lab.Client.RefusedAsync(HttpStatusCode.Forbidden, $"/api/v1/orders/{fourth.Id}/release", new { }, _ct)).Code);
        using var second = await lab.Service.ClientAsync("business", _ct);
        await second.PostAsync<OrderView>($"/api/v1/orders/{fourth.Id}/release", new { }, _ct);
        await lab.ProvenAsync(fourth.Id, _ct);
        Assert.False(Port(lines[3]).AdminUp);

        // The alarm stands exactly while an order waits; those of other tests may.
        var waiting = await lab.ScalarAsync<long>($"select count(*) from service_order where state = 'held' and reason = 'budget'", _ct);
        Assert.Equal(waiting > 0, (await lab.AlarmsAsync("second person", _ct)).Count > 0);
        Assert.Equal("order-not-held", (await second.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{fourth.Id}/release", new { }, _ct)).Code);
        Assert.Equal(1, await lab.ScalarAsync<long>($"select count(*) from audit where object = 'order/{fourth.Id}' and action = 'order.release'", _ct));

        // Many restorations at once, far beyond the budget.
        foreach (var line in lines.Take(4))
        {
            await lab.DoAsync(Place.Resume(line), _ct, "proven", "dark-by-hold");
        }

        // Another building has a budget of its own.
        await lab.DoAsync(Place.Suspend(Lines(1)[0]), _ct);
    }

    [Fact]
    public async Task The_money_that_comes_meanwhile_cancels_what_waits_for_the_budget()
    {
        var lines = Lines(2);
        foreach (var line in lines.Take(3))
        {
            await lab.DoAsync(Place.Suspend(line), _ct);
        }

        var waits = await lab.PlaceAsync(Place.Suspend(lines[3]), _ct);
        Assert.Equal("held", waits.State);
        var paid = await lab.DoAsync(Place.Resume(lines[3]), _ct);
        var cancelled = await lab.OrderAsync(waits.Id, _ct);
        Assert.Equal(("cancelled", "superseded"), (cancelled.State, cancelled.Reason));
        Assert.Contains($"order {paid.Id}", cancelled.ReasonText);
        using var second = await lab.Service.ClientAsync("business", _ct);
        await second.RefusedAsync(HttpStatusCode.Conflict, $"/api/v1/orders/{waits.Id}/release", new { }, _ct);
        Assert.True(Port(lines[3]).AdminUp);
    }

    [Fact]
    public async Task Orders_at_once_cannot_share_the_last_of_the_budget()
    {
        var orders = await Task.WhenAll(Lines(3).Take(8).Select(line => lab.PlaceAsync(Place.Suspend(line), _ct)));
        Assert.Equal(5, orders.Count(o => o is { State: "held", Reason: "budget" }));
    }

    /// <summary>One that waits for its time is judged by the budget of that time.</summary>
    [Fact]
    public async Task A_darkening_for_later_meets_the_budget_when_its_time_has_come()
    {
        var lines = Lines(4);
        var later = await lab.PlaceAsync(Place.Suspend(lines[3]) with { RequestedStart = TimeProvider.System.GetUtcNow().AddSeconds(3) }, _ct);
        foreach (var line in lines.Take(3))
        {
            await lab.PlaceAsync(Place.Suspend(line), _ct);
        }

        await lab.UntilAsync(later.Id, "held", "budget", _ct);
        Assert.True(Port(lines[3]).AdminUp);
    }

    [Fact]
    public async Task A_second_person_raises_the_budget_for_a_run_that_is_not_their_own()
    {
        var lines = Lines(5);
        foreach (var line in lines.Take(3))
        {
            await lab.DoAsync(Place.Suspend(line), _ct);
        }

        // Whoever placed the orders may raise it, but not for themselves.
        var fourth = await lab.PlaceAsync(Place.Suspend(lines[3]), _ct);
        Assert.Equal(("held", "budget"), (fourth.State, fourth.Reason));
        var raise = new RaiseBudgetRequest { PerHour = 100, PerBuilding = 2, Until = TimeProvider.System.GetUtcNow().AddHours(1), Why = "the merger" };
        using var own = await lab.Client.PostAsJsonAsync("/api/v1/budget/raises", raise, _ct);
        var mine = await own.Created<BudgetRaiseView>(_ct);
        await Task.Delay(1500, _ct);
        Assert.Equal("held", (await lab.OrderAsync(fourth.Id, _ct)).State);

        using var second = await lab.Service.ClientAsync("business", _ct);
        using var other = await second.PostAsJsonAsync("/api/v1/budget/raises", raise, _ct);
        var theirs = await other.Created<BudgetRaiseView>(_ct);
        await lab.ProvenAsync(fourth.Id, _ct);
        await lab.DoAsync(Place.Suspend(lines[4]), _ct);
        Assert.Equal("held", (await lab.PlaceAsync(Place.Suspend(lines[5]), _ct)).State);
        Assert.Equal([theirs.Id, mine.Id], (await lab.Client.GetAsync<IReadOnlyList<BudgetRaiseView>>("/api/v1/budget/raises", _ct)).Select(r => r.Id));
        Assert.Equal(2, await lab.ScalarAsync<long>("select count(*) from audit where action = 'budget.raise' and detail ->> 'why' = 'the merger'", _ct));

        await second.PostAsync<BudgetRaiseView>($"/api/v1/budget/raises/{theirs.Id}/end", new { }, _ct);
        await second.PostAsync<BudgetRaiseView>($"/api/v1/budget/raises/{mine.Id}/end", new { }, _ct);
        await second.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/budget/raises", raise with { Until = raise.Until.AddDays(30), PerHour = 0, PerBuilding = 0 }, _ct);
    }

    private List<string> Lines(int building) =>
        [.. lab.Lab.City.Services.Where(s => s.Building == lab.Lab.City.Buildings[building].Name).Select(s => s.CircuitId)];

    private ProvisionSvc.DeviceLab.Switches.PortState Port(string circuit)
    {
        var sold = lab.Lab.City.Services.First(s => s.CircuitId == circuit);
        return lab.Lab.Control.State(sold.Switch, sold.IfName);
    }
}

/// <summary>Six buildings and the budget as it is delivered.</summary>
public sealed class BudgetLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (6, 6);

    protected override IReadOnlyList<string> Settings => ["--Orders:DarkeningPerHour=30", "--Orders:DarkeningPerBuilding=3"];
}
