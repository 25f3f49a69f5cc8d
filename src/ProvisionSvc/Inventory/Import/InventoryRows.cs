using System.Net;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Inventory.Import;

/// <summary>A line of an inventory file, by its number in the file.</summary>
internal interface IInventoryRow
{
    int Line { get; }

    /// <summary>What makes the row one of its kind.</summary>
    string Key { get; }
}

internal sealed record DistrictRow(int Line, int Number, string Name) : IInventoryRow
{
    public string Key => Number.ToString();
}

internal sealed record NodeRow(int Line, string Name, int District, Bandwidth Uplink, decimal Oversubscription, int VlanFirst, int VlanLast) : IInventoryRow
{
    public string Key => Name;
}

internal sealed record BuildingRow(int Line, string Name, string Address, int District, string Node) : IInventoryRow
{
    public string Key => Name;
}

internal sealed record SwitchRow(
    int Line, string Name, string Building, string Template, IPAddress Address, int SnmpPort, int SshPort, string Credential, string? Serial, string? HostKeySha256) : IInventoryRow
{
    public string Key => Name;
}

internal sealed record PortRow(int Line, PortName Port, PortRole Role, Bandwidth? Speed) : IInventoryRow
{
    public string Key => Port.ToString();
}

internal sealed record LinkRow(int Line, string Name, string Switch, IReadOnlyList<string> IfNames, string Node, Bandwidth Speed) : IInventoryRow
{
    public string Key => Name;
}

internal sealed record CustomerRow(int Line, string Code, string Name, string Segment) : IInventoryRow
{
    public string Key => Code;
}

internal sealed record AccountRow(int Line, string Number, string Customer, int District, decimal? MonthlyValue) : IInventoryRow
{
    public string Key => Number;
}

internal sealed record GroupRow(int Line, string Name, string Customer) : IInventoryRow
{
    public string Key => Name;
}

internal sealed record ServiceRow(
    int Line, CircuitId CircuitId, string Account, string Building, string? Group, Bandwidth RateDown, Bandwidth RateUp, ServiceState State) : IInventoryRow
{
    public string Key => CircuitId.Value;
}

internal sealed record AttachmentRow(int Line, CircuitId CircuitId, PortName Port, int Vlan) : IInventoryRow
{
    public string Key => Port.ToString();
}

/// <summary>Everything that the files say, row by row. A row with a fault is left out, but its key counts as known, so that it is blamed once only.</summary>
internal sealed class InventoryRows
{
    private readonly HashSet<(InventoryFile File, string Key)> _faulty = [];
    private readonly HashSet<InventoryFile> _unread = [];

    public List<DistrictRow> Districts { get; } = [];

    public List<NodeRow> Nodes { get; } = [];

    public List<BuildingRow> Buildings { get; } = [];

    public List<SwitchRow> Switches { get; } = [];

    public List<PortRow> Ports { get; } = [];

    public List<LinkRow> Links { get; } = [];

    public List<CustomerRow> Customers { get; } = [];

    public List<AccountRow> Accounts { get; } = [];

    public List<GroupRow> Groups { get; } = [];

    public List<ServiceRow> Services { get; } = [];

    public List<AttachmentRow> Attachments { get; } = [];

    public void AddFaulty(InventoryFile file, string key) => _faulty.Add((file, key));

    /// <summary>Some or all lines of the file could not be read: any key may stand there.</summary>
    public void AddUnread(InventoryFile file) => _unread.Add(file);

    /// <summary>True for a row that is, or may be, in the file, but with a fault of its own.</summary>
    public bool IsFaulty(InventoryFile file, string key) => _faulty.Contains((file, key)) || _unread.Contains(file);
}
