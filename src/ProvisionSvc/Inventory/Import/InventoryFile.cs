namespace ProvisionSvc.Inventory.Import;

/// <summary>A kind of inventory file: its name and every header that it has to have, in any order.</summary>
internal sealed record InventoryFile(string Name, params IReadOnlyList<string> Headers)
{
    public static readonly InventoryFile Districts = new("districts.csv", "number", "name");
    public static readonly InventoryFile Nodes = new("nodes.csv", "name", "district", "uplink_mbps", "oversubscription", "vlan_first", "vlan_last");
    public static readonly InventoryFile Buildings = new("buildings.csv", "name", "address", "district", "node");
    public static readonly InventoryFile Switches = new("switches.csv", "name", "building", "template", "address", "snmp_port", "ssh_port", "credential", "serial", "host_key_sha256");
    public static readonly InventoryFile Ports = new("ports.csv", "switch", "if_name", "role", "speed_mbps");
    public static readonly InventoryFile Links = new("links.csv", "name", "switch", "if_names", "node", "speed_mbps");
    public static readonly InventoryFile Customers = new("customers.csv", "code", "name", "segment");
    public static readonly InventoryFile Accounts = new("accounts.csv", "number", "customer", "district", "monthly_value");
    public static readonly InventoryFile Groups = new("groups.csv", "name", "customer");
    public static readonly InventoryFile Services = new("services.csv", "circuit_id", "account", "building", "group", "rate_down_mbps", "rate_up_mbps", "state");
    public static readonly InventoryFile Attachments = new("attachments.csv", "circuit_id", "switch", "if_name", "vlan", "tagged");

    /// <summary>In the order in which they are written: what a row refers to comes before it.</summary>
    public static readonly IReadOnlyList<InventoryFile> All =
        [Districts, Nodes, Buildings, Switches, Ports, Links, Customers, Accounts, Groups, Services, Attachments];

    /// <summary>The kind in counts: the name without <c>.csv</c>.</summary>
    public string Kind => Name[..^".csv".Length];
}
