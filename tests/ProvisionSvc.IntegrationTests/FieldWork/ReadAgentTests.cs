using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.FieldWork;

/// <summary>A person reads a switch's agent through the service: over HTTP, from PostgreSQL, by real SNMP.</summary>
public sealed class ReadAgentTests(AgentFixture fixture) : IClassFixture<AgentFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SimSwitch First => fixture.Lab.Switches[0];

    private string Path => $"/api/v1/switches/{First.Name}/snmp";

    [Fact]
    public async Task Get_answers_in_the_order_asked_with_names_and_labels()
    {
        var answer = await AskAsync("get", ["sysName", "ifAdminStatus.5", ".1.3.6.1.2.1.1.3.0", "1.3.6.1.4.1.1.1", "sysUpTime.1"]);

        Assert.True(answer.Complete);
        Assert.Equal(["sysName.0", "ifAdminStatus.5", "sysUpTime.0", null, "sysUpTime.1"], answer.Rows.Select(r => r.Name));
        Assert.Equal(["octetString", "integer32", "timeTicks", "noSuchObject", "noSuchInstance"], answer.Rows.Select(r => r.Type));
        Assert.Equal(First.Name, answer.Rows[0].Value);
        Assert.Equal(answer.Rows[1].Value == "1" ? "up" : "down", answer.Rows[1].Label);
        Assert.Matches(@"^\d+d \d\d:\d\d:\d\d$", answer.Rows[2].Label);
        Assert.Null(answer.Rows[3].Value);
    }

    [Fact]
    public async Task A_table_holds_every_interface_by_name()
    {
        var answer = await AskAsync("table", ["ifName", "ifAdminStatus", "ifAlias"]);

        Assert.True(answer.Complete);
        Assert.Equal(["ifName", "ifAdminStatus", "ifAlias"], answer.Columns.Select(c => c.Name));
        Assert.Equal(
            First.Model.Interfaces.Select(i => i.Name).Order(StringComparer.Ordinal),
            answer.Rows.Where(r => r.Name!.StartsWith("ifName.", StringComparison.Ordinal)).Select(r => r.Value).Order(StringComparer.Ordinal));
        Assert.Equal(3 * First.Model.Interfaces.Count, answer.Rows.Count);
    }

    [Theory]
    [InlineData("ifXTable", 19)]
    [InlineData("1.3.6.1.2.1.31.1.1", 19)]
    [InlineData("1.3.6.1.2.1.31.1.1.1", 19)]
    [InlineData("1.3.6.1.2.1.2.2.1.6", 1)]
    public async Task A_whole_table_goes_by_its_name_and_by_its_numbers(string oid, int columns)
    {
        var answer = await AskAsync("table", [oid]);

        Assert.True(answer.Complete);
        Assert.Equal(columns, answer.Columns.Count);
        Assert.NotEmpty(answer.Rows);
        Assert.All(answer.Rows, r => Assert.NotNull(r.Name));
    }

    [Fact]
    public async Task Octets_are_shown_as_octets()
    {
        var answer = await AskAsync("walk", ["ifPhysAddress"]);

        Assert.Contains(("4C:1F:CC:00:00:01", "4C1FCC000001"), answer.Rows.Select(r => (r.Value, r.Hex)));
        Assert.Contains(("", null), answer.Rows.Select(r => (r.Value, r.Hex)));
    }

    [Fact]
    public async Task A_walk_gives_the_subtree_and_a_cap_makes_it_incomplete()
    {
        var whole = await AskAsync("walk", ["system"]);
        var capped = await AskAsync("walk", ["1.3.6.1"], maxRows: 10);

        Assert.True(whole.Complete);
        Assert.Equal(7, whole.Rows.Count);
        Assert.Equal((false, "rowLimit", 10), (capped.Complete, capped.Incomplete, capped.Rows.Count));
    }

    [Fact]
    public async Task Every_fault_is_said_at_once()
    {
        var service = await fixture.ReadyAsync(Ct);

        var problem = await service.Administrator.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, Path,
            new { operation = "get", oids = new[] { "nosuch", "3.1.1", "1.40", "ifName", "ifTable", "ifName.", "ifName..7", "1", "sysName.0" }, maxRows = 99_999 }, Ct);

        Assert.Equal(
            ["maxRows", "oids[0]", "oids[1]", "oids[2]", "oids[3]", "oids[4]", "oids[5]", "oids[6]", "oids[7]"], problem.Faults.Select(f => f.Field));
    }

    [Theory]
    [InlineData("set", "sysName", "invalid-operation")]
    [InlineData("table", "sysName", "unfit-oid")]
    [InlineData("table", "ifName.7", "unfit-oid")]
    [InlineData("table", "ifName,dot1qPvid", "mixed-indexes")]
    [InlineData("table", "ifTable,ifXTable", "invalid-oids")]
    [InlineData("walk", "ifName,ifAlias", "invalid-oids")]
    [InlineData("get", "", "invalid-oid")]
    public async Task What_cannot_be_asked_is_refused(string operation, string oids, string code)
    {
        var service = await fixture.ReadyAsync(Ct);

        var problem = await service.Administrator.RefusedAsync(
            HttpStatusCode.UnprocessableEntity, Path, new ReadAgentRequest { Operation = operation, Oids = oids.Split(',') }, Ct);

        Assert.Equal([code], problem.Faults.Select(f => f.Code));
    }

    [Theory]
    [InlineData("engineering", HttpStatusCode.OK)]
    [InlineData("administrator", HttpStatusCode.OK)]
    [InlineData("sales", HttpStatusCode.Forbidden)]
    [InlineData("building", HttpStatusCode.Forbidden)]
    [InlineData("business", HttpStatusCode.Forbidden)]
    [InlineData("auditor", HttpStatusCode.Forbidden)]
    public async Task Only_engineering_reads_agents(string role, HttpStatusCode expected)
    {
        var service = await fixture.ReadyAsync(Ct);
        using var client = await service.ClientAsync(role, Ct);

        using var answer = await client.PostAsJsonAsync(Path, new ReadAgentRequest { Operation = "get", Oids = ["sysName"] }, Ct);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_read()
    {
        var service = await fixture.ReadyAsync(Ct);
        using var client = service.Client(token: null);

        using var answer = await client.PostAsJsonAsync(Path, new ReadAgentRequest { Operation = "get", Oids = ["sysName"] }, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_switch_of_another_district_or_of_no_inventory_is_not_there()
    {
        var service = await fixture.ReadyAsync(Ct);
        var district = fixture.Lab.City.Buildings.First(b => b.Name == First.Plan.Building).District;
        using var own = await service.ClientAsync("engineering", Ct, district);
        using var other = await service.ClientAsync("engineering", Ct, district == 1 ? 2 : 1);
        var request = new ReadAgentRequest { Operation = "get", Oids = ["sysName"] };

        Assert.True((await own.PostAsync<AgentAnswerView>(Path, request, Ct)).Complete);
        await other.RefusedAsync(HttpStatusCode.NotFound, Path, request, Ct);
        await service.Administrator.RefusedAsync(HttpStatusCode.NotFound, "/api/v1/switches/127.0.0.1/snmp", request, Ct);
    }

    [Fact]
    public async Task Who_read_what_is_in_the_audit_log()
    {
        var service = await fixture.ReadyAsync(Ct);
        await AskAsync("walk", ["interfaces"], maxRows: 1234);

        await using var db = await service.Database.DataSource.OpenConnectionAsync(Ct);
        var rows = await db.QueryAsync(
            $"select who, object, detail::text as detail from audit where action = 'switch.snmp' and detail ->> 'maxRows' = '1234'",
            r => (r.Get<string>("who"), r.Get<string>("object"), r.Get<string>("detail")), Ct);

        var (who, what, detail) = Assert.Single(rows);
        Assert.Equal(First.Name, what);
        Assert.NotEmpty(who);
        Assert.Equal("""{"oids": ["interfaces"], "maxRows": 1234, "operation": "walk"}""", detail);
    }

    [Fact]
    public async Task A_silent_agent_is_unreachable_and_in_the_audit_log_too()
    {
        var service = await fixture.ReadyAsync(Ct);
        var silent = fixture.Lab.Switches[1].Name;
        fixture.Lab.Control.Tell(silent, new Fault.Unreachable());

        var problem = await service.Administrator.RefusedAsync(
            HttpStatusCode.BadGateway, $"/api/v1/switches/{silent}/snmp", new ReadAgentRequest { Operation = "walk", Oids = ["system"] }, Ct);

        Assert.Equal("switch-unreachable", problem.Code);
        Assert.DoesNotContain(fixture.Lab.ReadCommunity, problem.Title);
        await using var db = await service.Database.DataSource.OpenConnectionAsync(Ct);
        Assert.Equal(1, await db.FirstAsync($"select count(*)::int as n from audit where action = 'switch.snmp' and object = {silent}", r => r.Get<int>("n"), Ct));
    }

    [Fact]
    public async Task An_address_outside_the_prefixes_is_never_asked()
    {
        var service = await fixture.ReadyAsync(Ct);
        var strayed = fixture.Lab.Switches[2].Name;
        await using var db = await service.Database.DataSource.OpenConnectionAsync(Ct);
        await db.ExecuteAsync($"update switch set address = '192.0.2.7' where name = {strayed}", Ct);

        var problem = await service.Administrator.RefusedAsync(
            HttpStatusCode.Conflict, $"/api/v1/switches/{strayed}/snmp", new ReadAgentRequest { Operation = "get", Oids = ["sysName"] }, Ct);

        Assert.Equal("outside-management-prefixes", problem.Code);
    }

    [Fact]
    public async Task Nothing_was_written_to_any_switch()
    {
        await AskAsync("walk", ["mib-2"]);

        Assert.Empty(fixture.Lab.WriteLog.WritesOf(First.Name));
    }

    private async Task<AgentAnswerView> AskAsync(string operation, IReadOnlyList<string> oids, int? maxRows = null)
    {
        var service = await fixture.ReadyAsync(Ct);
        using var engineer = await service.ClientAsync("engineering", Ct);
        var answer = await engineer.PostAsync<AgentAnswerView>(Path, new ReadAgentRequest { Operation = operation, Oids = oids, MaxRows = maxRows }, Ct);
        Assert.Equal((First.Name, operation), (answer.Switch, answer.Operation));
        return answer;
    }
}
