using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Snmp;

/// <summary><c>snmp get</c>.</summary>
internal static class GetVariables
{
    public static UseCase Create()
    {
        var (switchName, oids) = (Values.Name("SWITCH", "Name of the switch"), AgentArguments.Several("OID", "Variables: sysDescr, ifAdminStatus.7 or numbers such as 1.3.6.1.2.1.1.1.0"));
        return new UseCase(
            "get", "Read variables of a switch's agent",
            ["snmp get sw-3 sysUpTime sysDescr", "snmp get sw-3 ifAdminStatus.7 1.3.6.1.2.1.2.2.1.8.7 --output json"], [switchName, oids],
            async (parse, session, ct) => AgentText.Show(session, await session.Api.ReadAgentAsync(
                parse.GetRequiredValue(switchName), new() { Operation = "get", Oids = parse.GetRequiredValue(oids) }, ct)));
    }
}
