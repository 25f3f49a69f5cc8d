using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class SnmpCommandTests
{
    private const string Snmp = "POST /api/v1/switches/sw-3/snmp";

    private static readonly AgentAnswerView Get = new()
    {
        Switch = "sw-3", Operation = "get", Complete = true, ReadAt = Some.Then, ElapsedMs = 12,
        Rows =
        [
            new("1.3.6.1.2.1.1.1.0", "sysDescr.0", "octetString", "S5720\r\nVersion 5.170"),
            new("1.3.6.1.2.1.2.2.1.7.7", "ifAdminStatus.7", "integer32", "2", "down"),
            new("1.3.6.1.4.1.2011.5.1.0", Name: null, "noSuchObject", Value: null),
        ],
    };

    private static readonly AgentAnswerView Table = new()
    {
        Switch = "sw-3", Operation = "table", Complete = true, ReadAt = Some.Then, ElapsedMs = 1_250,
        Columns = [new("1.3.6.1.2.1.31.1.1.1.1", "ifName"), new("1.3.6.1.2.1.2.2.1.7", "ifAdminStatus"), new("1.3.6.1.4.1.9.9.68.1.2.2.1.2", Name: null)],
        Rows =
        [
            new("1.3.6.1.2.1.31.1.1.1.1.7", "ifName.7", "octetString", "Gi0/0/7"),
            new("1.3.6.1.2.1.2.2.1.7.7", "ifAdminStatus.7", "integer32", "1", "up"),
            new("1.3.6.1.4.1.9.9.68.1.2.2.1.2.7", Name: null, "integer32", "1007"),
            new("1.3.6.1.2.1.31.1.1.1.1.10", "ifName.10", "octetString", "Gi0/0/10"),
        ],
    };

    [Fact]
    public async Task Get_shows_names_types_and_what_numbers_stand_for()
    {
        var service = new FakeService().On(Snmp, Get);

        var run = await Run.OfAsync(service, "snmp", "get", "sw-3", "sysDescr", "ifAdminStatus.7", "1.3.6.1.4.1.2011.5.1.0");

        Assert.Equal("""{"operation":"get","oids":["sysDescr","ifAdminStatus.7","1.3.6.1.4.1.2011.5.1.0"]}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            VARIABLE                TYPE          VALUE
            sysDescr.0              octetString   S5720 Version 5.170
            ifAdminStatus.7         integer32     down (2)
            1.3.6.1.4.1.2011.5.1.0  noSuchObject  noSuchObject
            complete: 3 variables, 0.012 s

            """, run.Out);
    }

    [Fact]
    public async Task Table_puts_columns_side_by_side_and_shows_holes()
    {
        var service = new FakeService().On(Snmp, Table);

        var run = await Run.OfAsync(service, "snmp", "table", "sw-3", "ifName", "ifAdminStatus", "1.3.6.1.4.1.9.9.68.1.2.2.1.2", "--max-rows", "50", "--lang", "zh");

        Assert.Equal("""{"operation":"table","oids":["ifName","ifAdminStatus","1.3.6.1.4.1.9.9.68.1.2.2.1.2"],"maxRows":50}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            索引  ifName    ifAdminStatus  1.3.6.1.4.1.9.9.68.1.2.2.1.2
               7  Gi0/0/7   up (1)         1007
              10  Gi0/0/10  -              -
            完整：2 行，1.25 s

            """, run.Out);
    }

    [Fact]
    public async Task More_columns_than_a_terminal_holds_stand_below_each_other()
    {
        var columns = Enumerable.Range(1, 22).Select(c => new AgentColumnView($"1.3.6.1.2.1.2.2.1.{c}", $"column{c}")).ToArray();
        var wide = Table with
        {
            Columns = columns,
            Rows = [.. columns.Select(c => new VariableView($"{c.Oid}.7", $"{c.Name}.7", "octetString", new string('x', 40)))],
        };

        var run = await new Run.With(new FakeService().On(Snmp, wide)) { Width = 80, Environment = { ["NO_COLOR"] = "1" } }.OfAsync("snmp", "table", "sw-3", "ifTable");

        Assert.StartsWith("index 7\n  column1   xxxx", run.Out);
        Assert.Contains("\n  column22  xxxx", run.Out);
        Assert.All(run.Out.Split('\n'), line => Assert.InRange(TextWidth.Of(line), 0, 80));
    }

    [Fact]
    public async Task A_table_on_eighty_columns_fits()
    {
        var wide = Table with { Rows = [.. Table.Rows.Select(r => r with { Value = new string('y', 90) })] };

        var run = await new Run.With(new FakeService().On(Snmp, wide)) { Width = 80, Environment = { ["NO_COLOR"] = "1" } }.OfAsync("snmp", "table", "sw-3", "ifName");

        Assert.All(run.Out.Split('\n'), line => Assert.InRange(TextWidth.Of(line), 0, 80));
        Assert.Contains('…', run.Out);
    }

    [Fact]
    public async Task An_incomplete_walk_is_an_error_and_says_why()
    {
        var service = new FakeService().On(Snmp, Get with { Operation = "walk", Complete = false, Incomplete = "timeout", Cause = "no answer to GetBulk" });

        var english = await Run.OfAsync(service, "snmp", "walk", "sw-3", "system");
        var chinese = await Run.OfAsync(service, "snmp", "walk", "sw-3", "system", "--lang", "zh");

        Assert.Equal((1, 1), (english.ExitCode, chinese.ExitCode));
        Assert.EndsWith(
            "\nINCOMPLETE: the agent answered, then no more. What is missing above may well exist.\n  no answer to GetBulk\n", english.Out);
        Assert.Contains("不完整：代理中途停止应答。", chinese.Out);
        Assert.DoesNotContain("complete:", english.Out);
    }

    [Fact]
    public async Task Incomplete_in_JSON_keeps_the_output_clean()
    {
        var service = new FakeService().On(Snmp, Get with { Complete = false, Incomplete = "rowLimit" });

        var run = await Run.OfAsync(service, "snmp", "walk", "sw-3", "1.3.6.1", "--output", "json");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("{", run.Out);
        Assert.EndsWith("}\n", run.Out);
        Assert.StartsWith("INCOMPLETE: the row limit is reached", run.Error);
    }

    [Theory]
    [InlineData("set")]
    [InlineData("write")]
    public async Task There_is_no_way_to_write(string verb)
    {
        var run = await Run.OfAsync(new FakeService(), "snmp", verb, "sw-3", "ifAdminStatus.7", "2");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("get, walk, table", run.Error);
    }

    [Fact]
    public async Task A_silent_agent_is_one_clear_line()
    {
        var service = new FakeService().On(
            Snmp, Some.Problem(502, "sw-3: no answer from 127.0.3.3:161", "switch-unreachable"), System.Net.HttpStatusCode.BadGateway);

        var run = await Run.OfAsync(service, "snmp", "get", "sw-3", "sysDescr");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal("provision: switch sw-3: sw-3: no answer from 127.0.3.3:161 (switch-unreachable)\n", run.Error);
    }

    [Fact]
    public async Task A_hostile_agent_cannot_reach_the_terminal()
    {
        var service = new FakeService().On(Snmp, Get with { Rows = [new("1.3.6.1.2.1.1.5.0", "sysName.0", "octetString", "\e[2Jboo\u202E")] });

        var run = await Run.OfAsync(service, "snmp", "get", "sw-3", "sysName");

        Assert.Contains("�[2Jboo�", run.Out);
    }
}
