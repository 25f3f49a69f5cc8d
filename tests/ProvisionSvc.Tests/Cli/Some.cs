using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>Answers of the API to test with.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Then = new(2030, 1, 31, 1, 0, 0, TimeSpan.Zero);

    public static readonly PlanView Plan = new(
        "sw-3", "GigabitEthernet0/0/7", "huawei-vrp5", "3f2a91c0", Darkens: false,
        [
            new("adminStatus", "down", "up", ["undo shutdown"], "snmp"),
            new("accessVlan", Before: null, "1007", ["port link-type access", "port default vlan 1007"], "new-session"),
        ]);

    public static readonly PlanView EmptyPlan = Plan with { Steps = [] };

    public static readonly PlanView DarkPlan = Plan with { Darkens = true, Steps = [new("adminStatus", "up", "down", ["shutdown"], "snmp")] };

    public static readonly ProofView Proof = new(
        Then.AddSeconds(3), [new("adminStatus", "up", "snmp"), new("accessVlan", "1007", "new-session")], "down", "saved and read back");

    public static OrderView Order(
        string state = "acknowledged", string? reason = null, string? text = null, string? textZh = null, params OrderItemView[] items) => new()
        {
            Id = 17, ExternalId = "x-1", Client = "crm", Action = "activate", Service = "CN-1001", State = state, Reason = reason, ReasonText = text, ReasonTextZh = textZh,
            PlacedBy = "front-office", Why = "new customer", CreatedAt = Then, FinishedAt = state == "completed" ? Then.AddSeconds(4) : null, Items = items,
        };

    public static OrderItemView Item(string state, string? detail = null, string? reason = null) => new()
    {
        Sequence = 1, Switch = "sw-3", IfName = "GigabitEthernet0/0/7", State = state, Reason = reason, Detail = detail, Attempts = 2,
        Plan = Plan, Proof = state == "completed" ? Proof : null,
    };

    public static OrderView Completed => Order("completed", "proven", "Done, and proven by reading the switch.", "已完成，并经读取交换机验证。", Item("completed"));

    public static SwitchView Switch(string name, string mode = "manage") => new()
    {
        Name = name, Building = "B-12", Node = "north-1", Template = "huawei-vrp5", Address = "127.0.3.3", SnmpPort = 161, SshPort = 22, Credential = "access",
        Mode = mode, LockedReason = mode == "locked" ? "order 17 could not be taken back" : null, Ports = 52, PortsLit = 31, PortsFree = 17,
        Reachability = "reachable", LastPolledAt = Then,
    };

    public static CredentialView Credential(int generation, int switches, params CredentialGenerationView[] generations) => new(
        "access", "provision", generation, Then, switches, 0,
        generations.Length > 0 ? generations : [new(generation, "current", "provision", "v2c", Then, switches, [], null)]);

    public static PortView Port(string ifName) => new()
    {
        Switch = "sw-3", IfName = ifName, Role = "customer", IfIndex = 7, SpeedMbps = 1000, AdminStatus = "up", OperStatus = "down", Alias = "CN-1001", ReadAt = Then,
        Service = "CN-1001", ServiceState = "active", Intent = new(4, "up", 1007, 100, 20, "CN-1001", RatesElsewhere: false),
    };

    public static object Problem(int status, string title, string code, params FaultView[] faults) =>
        new ProblemView { Status = status, Title = title, Code = code, Faults = faults };
}
