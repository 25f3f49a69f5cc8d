using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Events;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Events;

/// <summary>Server-sent events: in order, taken up where they broke, of one's own districts.</summary>
public sealed class StreamTests(StreamFixture fixture) : IClassFixture<StreamFixture>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private RunningTestService Service => fixture.Service;

    [Fact]
    public async Task A_stream_that_broke_is_taken_up_where_it_broke()
    {
        await using var db = await Service.Database.DataSource.OpenConnectionAsync(_ct);
        long last;
        await using (var first = await EventClient.OpenAsync(Service.Administrator, "?type=alarm.*", null, _ct))
        {
            Assert.Equal("ready", (await first.NextAsync())?.Kind);
            await RaiseAsync(db, "a");
            var told = await first.NextAsync();
            Assert.Equal(("alarm.raised", "a"), (told?.Kind, told?.Data.GetProperty("key").GetString()));
            last = told!.Value.Id;
        }

        await RaiseAsync(db, "b");
        await db.ClearAlarmAsync(TimeProvider.System.GetUtcNow(), "a", _ct);
        await using var second = await EventClient.OpenAsync(Service.Administrator, "?type=alarm.*", $"{last}", _ct);
        Assert.Equal(("ready", last), await PlaceOf(second));
        var kinds = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var (kind, id, data) = (await second.NextAsync())!.Value;
            Assert.True(id > last);
            last = id;
            kinds.Add($"{kind} {data.GetProperty("key").GetString()}");
        }

        Assert.Equal(["alarm.raised b", "alarm.cleared a"], kinds);
    }

    [Fact]
    public async Task A_place_that_is_no_longer_kept_or_never_was_is_a_gap()
    {
        await using var client = await EventClient.OpenAsync(Service.Administrator, "", "999999999", _ct);
        Assert.Equal("gap", (await client.NextAsync())?.Kind);
        Assert.Equal("ready", (await client.NextAsync())?.Kind);
    }

    [Fact]
    public async Task Orders_are_told_to_their_districts_and_alarms_to_everybody_T2()
    {
        await SmallCity.Default.ImportAsync(Service.Administrator, _ct);
        using var east = await Service.ClientAsync(Roles.Business, _ct, 1);
        using var west = await Service.ClientAsync(Roles.Business, _ct, 2);
        await using var all = await EventClient.OpenAsync(Service.Administrator, "?type=order.accepted", null, _ct);
        await using var theirs = await EventClient.OpenAsync(west, "?type=order.accepted&type=alarm.raised", null, _ct);
        Assert.Equal(("ready", "ready"), ((await all.NextAsync())?.Kind, (await theirs.NextAsync())?.Kind));

        // The switch is only observed, so the order waits; it is accepted all the same.
        using var placed = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(east, "/api/v1/orders", Place.Suspend("circuit-1"), _ct);
        var order = await placed.Created<OrderView>(_ct);
        var told = (await all.NextAsync())!.Value;
        Assert.Equal(("circuit-1", "suspend", order.Id), (told.Data.GetProperty("service").GetString(), told.Data.GetProperty("action").GetString(), told.Data.GetProperty("order").GetInt64()));

        await using var db = await Service.Database.DataSource.OpenConnectionAsync(_ct);
        await RaiseAsync(db, "for everybody");
        var next = (await theirs.NextAsync())!.Value;
        Assert.Equal(("alarm.raised", "for everybody"), (next.Kind, next.Data.GetProperty("key").GetString()));

        using var foreign = await west.GetAsync($"/api/v1/events?order={order.Id}", _ct);
        Assert.Equal("unknown-order", (await foreign.Problem(System.Net.HttpStatusCode.NotFound, _ct)).Code);
    }

    [Fact]
    public async Task A_revoked_token_s_stream_ends()
    {
        using var reader = await Service.ClientAsync(Roles.Sales, _ct, 7);
        await using var stream = await EventClient.OpenAsync(reader, "", null, _ct);
        Assert.Equal("ready", (await stream.NextAsync())?.Kind);
        using var revoked = await Service.Administrator.DeleteAsync("/api/v1/tokens/test-sales-7", _ct);
        while (await stream.NextAsync() is not null)
        {
            // What others do meanwhile.
        }
    }

    [Fact]
    public async Task What_commits_late_gets_a_later_number_and_is_not_missed()
    {
        await using var slow = await Service.Database.DataSource.OpenConnectionAsync(_ct);
        await using var quick = await Service.Database.DataSource.OpenConnectionAsync(_ct);
        await using var client = await EventClient.OpenAsync(Service.Administrator, "?type=alarm.*", null, _ct);
        Assert.Equal("ready", (await client.NextAsync())?.Kind);
        await using var tx = await slow.BeginTransactionAsync(_ct);
        await RaiseAsync(slow, "late");
        await RaiseAsync(quick, "early");
        Assert.Equal("early", await KeyAsync(client));
        await tx.CommitAsync(_ct);
        Assert.Equal("late", await KeyAsync(client));
    }

    [Fact]
    public async Task What_was_told_long_ago_is_forgotten()
    {
        await Service.Database.ExecuteAsync("insert into event (at, kind, subject, payload) values (now() - interval '8 days', 'alarm.raised', 'alarm/0', '{}')", _ct);
        await Service.Get<SequenceEvents>().ForgetAsync(_ct);
        Assert.Equal(["0"], await Service.Database.TextsAsync("select count(*) from event where at < now() - interval '7 days'", _ct));
    }

    private static async Task<(string, long)> PlaceOf(EventClient client) => (await client.NextAsync())!.Value is var (kind, id, _) ? (kind, id) : default;

    private static async Task<string?> KeyAsync(EventClient client)
    {
        while (true)
        {
            var key = (await client.NextAsync())!.Value.Data.GetProperty("key").GetString();
            if (key is "early" or "late")
            {
                return key;
            }
        }
    }

    private Task<int> RaiseAsync(NpgsqlConnection db, string key) => db.RaiseAlarmAsync(TimeProvider.System.GetUtcNow(), key, "warning", key, "Look.", _ct);
}

/// <summary>Streams that say quickly that they live.</summary>
public sealed class StreamFixture(PostgresFixture postgres) : ServiceFixture(postgres)
{
    protected override IReadOnlyList<string> Settings => [.. base.Settings, "--Events:Sweep=00:00:00.020", "--Events:Ping=00:00:01"];
}
