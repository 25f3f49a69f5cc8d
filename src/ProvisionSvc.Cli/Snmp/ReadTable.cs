using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Snmp;

/// <summary><c>snmp table</c>.</summary>
internal static class ReadTable
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var columns = AgentArguments.Several("COLUMN", "Columns or whole tables: ifName, ifXTable or numbers such as 1.3.6.1.2.1.2.2.1.7");
        var maxRows = AgentArguments.MaxRows();
        return new UseCase(
            "table", "Read columns of a table side by side; exit code 1 when it broke off",
            ["snmp table sw-3 ifName ifAdminStatus ifOperStatus ifAlias", "snmp table sw-3 lldpRemTable"], [switchName, columns, maxRows],
            async (parse, session, ct) => AgentText.Show(session, await session.Api.ReadAgentAsync(
                parse.GetRequiredValue(switchName),
                new() { Operation = "table", Oids = parse.GetRequiredValue(columns), MaxRows = parse.GetValue(maxRows) }, ct)));
    }
}
