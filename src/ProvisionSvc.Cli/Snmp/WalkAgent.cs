using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Snmp;

/// <summary><c>snmp walk</c>.</summary>
internal static class WalkAgent
{
    public static UseCase Create()
    {
        var switchName = Values.Name("SWITCH", "Name of the switch");
        var oid = Values.Name("OID", "What to read everything under: system, ifName or numbers such as 1.3.6.1.2.1.1");
        var maxRows = AgentArguments.MaxRows();
        return new UseCase(
            "walk", "Read everything under an OID of a switch's agent; exit code 1 when it broke off",
            ["snmp walk sw-3 system", "snmp walk sw-3 1.3.6.1.4.1.2011.5.25 --max-rows 500"], [switchName, oid, maxRows],
            async (parse, session, ct) => AgentText.Show(session, await session.Api.ReadAgentAsync(
                parse.GetRequiredValue(switchName), new() { Operation = "walk", Oids = [parse.GetRequiredValue(oid)], MaxRows = parse.GetValue(maxRows) }, ct)));
    }
}
