using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Orders;

/// <summary>Ten thousand orders under one number, and what is wrong with a list: by row and column, all of it at once. No worker runs here.</summary>
public sealed class BulkOrderTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private HttpClient Client => fixture.Service.Administrator;

    public async ValueTask InitializeAsync() => await SmallCity.Default.ImportAsync(Client, _ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Ten_thousand_orders_are_accepted_once_and_listed_by_their_number()
    {
        await SqlAsync(
            """
            insert into service (circuit_id, account_id, building_id, rate_down_kbps, rate_up_kbps, state)
            select 'bulk-' || n, (select min(id) from account), (select min(id) from building), 1000, 1000, 'active' from generate_series(1, 10000) n on conflict do nothing
            """);
        var request = new BulkOrderRequest
        {
            ExternalId = Place.Key(), Orders = [.. Enumerable.Range(1, 10_000).Select(n => new BulkRowRequest { Action = "suspend", Service = $"bulk-{n}", Hold = "unpaid" })],
        };
        using var answer = await Client.PostAsJsonAsync("/api/v1/orders/bulk", request, _ct);
        var placed = await answer.Created<BulkOrderView>(_ct);

        Assert.Equal((10_000, 10_000, "acknowledged"), (placed.Rows, placed.Order!.Parts!.Total, placed.Order.State));
        Assert.Equal(new Dictionary<string, int> { ["acknowledged"] = 10_000 }, placed.Order.Parts.ByState);
        Assert.Equal(placed.Order.Id, (await Client.PostAsync<BulkOrderView>("/api/v1/orders/bulk", request, _ct)).Order!.Id);
        Assert.Equal(10_000, await ScalarAsync($"select count(*) from service_order where parent_id = {placed.Order.Id} and service_id is not null"));
        Assert.Equal(10_001, await ScalarAsync($"select count(*) from audit where object in (select 'order/' || id from service_order where id = {placed.Order.Id} or parent_id = {placed.Order.Id})"));

        // A page at a time, each order once.
        var (seen, cursor) = (new HashSet<long>(), "");
        do
        {
            var page = await Client.GetAsync<OrderListView>($"/api/v1/orders?parent={placed.Order.Id}&limit=1000{cursor}", _ct);
            Assert.All(page.Orders, o => Assert.True(seen.Add(o.Id)));
            cursor = page.Next is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);
        Assert.Equal(10_000, seen.Count);

        var cancelled = await Client.PostAsync<OrderView>($"/api/v1/orders/{placed.Order.Id}/cancel", new { }, _ct);
        Assert.Equal(("cancelled", 10_000), (cancelled.State, cancelled.Parts!.ByState["cancelled"]));
    }

    [Fact]
    public async Task Every_fault_of_a_CSV_is_named_by_row_and_column()
    {
        const string text = """
            action,service,hold,rateDownMbps,account,building
            suspend,circuit-1,,,,
            suspend,circuit-2,owed,,,
            light,circuit-1,,,,
            changeSpeed,circuit-1,,fast,,
            changeSpeed,circuit-1,,5000,,
            activate,new-1,,10,nobody,nowhere
            resume,x y,unpaid,,,
            adopt,circuit-1,,,,
            suspend,circuit-9,unpaid,,,
            """;
        Assert.Equal(
            [
                "row 2, hold missing-hold", "row 3, hold unknown-hold", "row 4, action unknown-action", "row 5, rateDownMbps wrong-type", "row 8, service invalid-circuit-id", "row 9, action not-in-bulk",
            ],
            await FaultsAsync(text));

        // Those that only the books can tell, once the file can be read.
        Assert.Equal(
            ["row 2, rateDownMbps rate-above-port", "row 3, account unknown-account", "row 3, building unknown-building", "row 4, service unknown-service", "row 6, port port-occupied"],
            await FaultsAsync("""
                action,service,hold,rateDownMbps,account,building,switch,ifName
                changeSpeed,circuit-1,,5000,,,,
                activate,new-1,,10,nobody,nowhere,,
                suspend,circuit-9,unpaid,,,,,
                activate,new-2,,10,a1,,b1-sw1,GigabitEthernet0/0/2
                activate,new-3,,10,a1,,b1-sw1,GigabitEthernet0/0/2
                """));
        Assert.Equal(0, await ScalarAsync("select count(*) from service_order where circuit_id like 'new-%'"));
    }

    [Fact]
    public async Task A_list_that_is_none_is_refused_as_a_whole()
    {
        Assert.Equal(["orders orders-or-csv"], Shown(await RefusedAsync(new { externalId = Place.Key() })));
        Assert.Equal(["orders no-orders"], Shown(await RefusedAsync(new { externalId = Place.Key(), orders = Array.Empty<object>() })));
        Assert.Equal(["row 1, colour unknown-column"], await FaultsAsync("action,service,colour\nsuspend,circuit-1,red\n"));
        Assert.Equal(["row 3 malformed-row"], await FaultsAsync("action,service,hold\nsuspend,circuit-1,unpaid\nsuspend,circuit-1\n"));
        Assert.Equal(["row 2, price unknown-member"], Shown(await RefusedAsync(new { externalId = Place.Key(), orders = new object[]
        {
            new { action = "suspend", service = "circuit-1", hold = "unpaid" }, new { action = "suspend", service = "circuit-1", hold = "abuse", price = 5 },
        } })));
        Assert.Equal(["row 2, externalId external-id-twice"], Shown(await RefusedAsync(new { externalId = Place.Key(), orders = new object[]
        {
            new { externalId = "x", action = "suspend", service = "circuit-1", hold = "unpaid" }, new { externalId = "x", action = "suspend", service = "circuit-2", hold = "abuse" },
        } })));
    }

    [Fact]
    public async Task A_row_sees_what_the_rows_before_it_leave_and_a_dry_run_counts()
    {
        var view = await Client.PostAsync<BulkOrderView>("/api/v1/orders/bulk?dryRun=true", new BulkOrderRequest
        {
            ExternalId = Place.Key(),
            Orders =
            [
                new() { Action = "suspend", Service = "circuit-1", Hold = "unpaid" }, new() { Action = "suspend", Service = "circuit-1", Hold = "unpaid" },
                new() { Action = "disconnect", Service = "circuit-2" },
            ],
        }, _ct);
        Assert.Equal((3, 2, 1), (view.Rows, view.Darkening, view.Unchanged));
        Assert.Equal(["row 3, service service-terminated"], await FaultsAsync("action,service,hold\ndisconnect,circuit-2,\nsuspend,circuit-2,abuse\n"));
    }

    private async Task<IEnumerable<string>> FaultsAsync(string csv) => Shown(await RefusedAsync(new { externalId = Place.Key(), csv }));

    private Task<ProblemView> RefusedAsync(object request) => Client.RefusedAsync(HttpStatusCode.UnprocessableEntity, "/api/v1/orders/bulk", request, _ct);

    private static IEnumerable<string> Shown(ProblemView problem) => problem.Faults.Select(f => $"{f.Field} {f.Code}").Order(StringComparer.Ordinal);

    private async Task SqlAsync(string sql)
    {
        await using var command = fixture.Service.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(_ct);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = fixture.Service.Database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(_ct))!;
    }
}
