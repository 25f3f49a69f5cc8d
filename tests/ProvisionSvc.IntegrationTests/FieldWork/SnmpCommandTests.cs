using ProvisionSvc.Cli.Running;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.IntegrationTests.FieldWork;

/// <summary>The command, the service and an agent, end to end.</summary>
public sealed class SnmpCommandTests(AgentFixture fixture) : IClassFixture<AgentFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SimSwitch First => fixture.Lab.Switches[0];

    [Fact]
    public async Task Get_walk_and_table_show_what_the_agent_has()
    {
        var get = await RunAsync("snmp", "get", First.Name, "sysName", "sysUpTime");
        var walk = await RunAsync("snmp", "walk", First.Name, "system");
        var table = await RunAsync("snmp", "table", First.Name, "ifName", "ifAdminStatus");
        var all = await RunAsync("snmp", "table", First.Name, "ifXTable", "--output", "json");

        Assert.Equal((0, 0, 0, 0), (get.ExitCode, walk.ExitCode, table.ExitCode, all.ExitCode));
        Assert.Contains(First.Name, get.Out);
        Assert.Contains("complete: 7 variables", walk.Out);
        Assert.Contains($"complete: {First.Model.Interfaces.Count} rows", table.Out);
        Assert.All(First.Model.Interfaces, i => Assert.Contains($" {i.Name} ", table.Out));
        Assert.Contains("\"ifHCInOctets\"", all.Out);
    }

    [Fact]
    public async Task A_cap_is_an_error_and_every_fault_is_shown()
    {
        var capped = await RunAsync("snmp", "walk", First.Name, "mib-2", "--max-rows", "5");
        var wrong = await RunAsync("snmp", "get", First.Name, "ifName", "nosuch");

        Assert.Equal((1, 1), (capped.ExitCode, wrong.ExitCode));
        Assert.Contains("INCOMPLETE: the row limit is reached", capped.Out);
        Assert.Contains("oids[0]", wrong.Error);
        Assert.Contains("oids[1]", wrong.Error);
    }

    private async Task<(int ExitCode, string Out, string Error)> RunAsync(params string[] args)
    {
        var service = await fixture.ReadyAsync(Ct);
        var (output, error) = (new StringWriter(), new StringWriter());
        var host = new CommandHost
        {
            Out = output,
            Error = error,
            Environment = name => name == "PROVISION_URL" ? service.BaseAddress.ToString() : null,
            Http = _ => new SocketsHttpHandler(),
        };
        var exit = await ProvisionCommand.RunAsync([.. args, "--token-file", Path.Combine(service.StateDirectory, "admin.token")], host, Ct);
        return (exit, output.ToString(), error.ToString());
    }
}
