using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Inventory.Import;

/// <summary>Whether the rows fit each other and the database. Pure: everything it needs is loaded before.</summary>
internal sealed partial class CheckInventory
{
    private readonly InventoryRows _rows;
    private readonly KnownInventory _known;
    private readonly ImportRules _rules;
    private readonly ImportFaults _faults;
    private readonly Overlay<DistrictRow> _districts;
    private readonly Overlay<NodeRow> _nodes;
    private readonly Overlay<BuildingRow> _buildings;
    private readonly Overlay<SwitchRow> _switches;
    private readonly Overlay<PortRow> _ports;
    private readonly Overlay<CustomerRow> _customers;
    private readonly Overlay<AccountRow> _accounts;
    private readonly Overlay<GroupRow> _groups;
    private readonly Overlay<ServiceRow> _services;

    private CheckInventory(InventoryRows rows, KnownInventory known, ImportRules rules, ImportFaults faults)
    {
        (_rows, _known, _rules, _faults) = (rows, known, rules, faults);
        _districts = new(InventoryFile.Districts, rows, rows.Districts, k => int.TryParse(k, out var n) && known.Districts.Contains(n), "number", faults);
        _nodes = new(InventoryFile.Nodes, rows, rows.Nodes, known.Nodes.ContainsKey, "name", faults);
        _buildings = new(InventoryFile.Buildings, rows, rows.Buildings, known.Buildings.ContainsKey, "name", faults);
        _switches = new(InventoryFile.Switches, rows, rows.Switches, known.Switches.ContainsKey, "name", faults);
        _ports = new(InventoryFile.Ports, rows, rows.Ports, _ => false, "if_name", faults);
        _customers = new(InventoryFile.Customers, rows, rows.Customers, known.Customers.Contains, "code", faults);
        _accounts = new(InventoryFile.Accounts, rows, rows.Accounts, known.Accounts.Contains, "number", faults);
        _groups = new(InventoryFile.Groups, rows, rows.Groups, known.Groups.Contains, "name", faults);
        _services = new(InventoryFile.Services, rows, rows.Services, known.Services.ContainsKey, "circuit_id", faults);
    }

    public static void Check(InventoryRows rows, KnownInventory known, ImportRules rules, ImportFaults faults)
    {
        var check = new CheckInventory(rows, known, rules, faults);
        check.Places();
        check.Switches();
        check.Ports();
        check.Links();
        check.Parties();
        check.Services();
        check.Attachments();
    }

    private void Places()
    {
        foreach (var node in _rows.Nodes)
        {
            _districts.Require(node.District.ToString(), "district", InventoryFile.Nodes, node, "district", _faults);
        }

        foreach (var building in _rows.Buildings)
        {
            _districts.Require(building.District.ToString(), "district", InventoryFile.Buildings, building, "district", _faults);
            _nodes.Require(building.Node, "node", InventoryFile.Buildings, building, "node", _faults);
        }
    }

    private void Switches()
    {
        var templates = _rules.Templates;
        var untouched = _known.Switches.Values.Where(s => _switches.Row(s.Name) is null);
        var taken = untouched.ToDictionary(s => (s.Address, s.SshPort), s => s.Name);
        foreach (var row in _rows.Switches)
        {
            _buildings.Require(row.Building, "building", InventoryFile.Switches, row, "building", _faults);
            if (!templates.Contains(row.Template))
            {
                Fault(InventoryFile.Switches, row, "template", "unknown-template", $"There is no template \"{row.Template}\"; known are {string.Join(", ", templates)}.");
            }

            if (_rules.Refuse(row.Address) is { } why)
            {
                Fault(InventoryFile.Switches, row, "address", "outside-prefix", why);
            }

            if (!taken.TryAdd((row.Address, row.SshPort), row.Name))
            {
                Fault(InventoryFile.Switches, row, "address", "address-taken", $"{row.Address} port {row.SshPort} is the address of {taken[(row.Address, row.SshPort)]} already.");
            }

            if (_known.Switches.TryGetValue(row.Name, out var known))
            {
                CheckChange(row, known);
            }
        }
    }

    private void CheckChange(SwitchRow row, KnownSwitch known)
    {
        if (row.HostKeySha256 is { } key && known.HostKeySha256 is { } pinned && key != pinned)
        {
            Fault(InventoryFile.Switches, row, "host_key_sha256", "host-key-differs",
                $"{row.Name} is trusted with {pinned}; an import does not change a trusted key. Look at the switch, then use provision switch trust.");
        }

        if (known.IsOrdered && row.Template != known.Template)
        {
            Fault(InventoryFile.Switches, row, "template", "switch-ordered", $"{row.Name} carries lines that were ordered with template {known.Template}; an import does not change it.");
        }

        if (known.IsOrdered && row.Building != known.Building)
        {
            Fault(InventoryFile.Switches, row, "building", "switch-ordered", $"{row.Name} carries ordered lines of {known.Building}; an import does not move it.");
        }
    }

    private void Ports()
    {
        var attached = _rows.Attachments.Select(a => a.Port).ToHashSet();
        foreach (var row in _rows.Ports)
        {
            _switches.Require(row.Port.Switch, "switch", InventoryFile.Ports, row, "switch", _faults);
            if (row.Role == PortRole.Customer || !_known.Ports.TryGetValue(row.Port, out var known))
            {
                continue;
            }

            if (known.IsOrdered)
            {
                Fault(InventoryFile.Ports, row, "role", "port-ordered", $"{row.Port} was written by orders; an import does not make it {row.Role.ToString().ToLowerInvariant()}.");
            }
            else if (known.Circuit is { } circuit && !Moves(circuit, row.Port) && !attached.Contains(row.Port))
            {
                Fault(InventoryFile.Ports, row, "role", "port-attached", $"{row.Port} carries {circuit}; a port with a line is a customer port.");
            }
        }
    }

    private void Links()
    {
        var names = new Overlay<LinkRow>(InventoryFile.Links, _rows, _rows.Links, _ => false, "name", _faults);
        var members = new Dictionary<PortName, string>();
        foreach (var row in _rows.Links)
        {
            _switches.Require(row.Switch, "switch", InventoryFile.Links, row, "switch", _faults);
            _nodes.Require(row.Node, "node", InventoryFile.Links, row, "node", _faults);
            foreach (var port in row.IfNames.Select(n => new PortName(row.Switch, n)))
            {
                if (!Exists(port))
                {
                    Fault(InventoryFile.Links, row, "if_names", "unknown-port", $"There is no port {port}, neither in ports.csv nor in the inventory.");
                }
                else if (Role(port) is { } role and not PortRole.Uplink)
                {
                    Fault(InventoryFile.Links, row, "if_names", "not-an-uplink", $"{port} is a {role.ToString().ToLowerInvariant()} port; a link's members have role uplink.");
                }

                var other = _known.Ports.GetValueOrDefault(port)?.Link is { } link && names.Row(link) is null ? link : null;
                if (!members.TryAdd(port, row.Name))
                {
                    Fault(InventoryFile.Links, row, "if_names", "member-taken", $"{port} is a member of {members[port]} already.");
                }
                else if (other is not null && other != row.Name)
                {
                    Fault(InventoryFile.Links, row, "if_names", "member-taken", $"{port} is a member of {other} in the inventory.");
                }
            }
        }

        foreach (var row in _rows.Ports.Where(p => p.Role != PortRole.Uplink))
        {
            if (_known.Ports.GetValueOrDefault(row.Port)?.Link is { } link && names.Row(link) is null)
            {
                Fault(InventoryFile.Ports, row, "role", "port-linked", $"{row.Port} is a member of {link}; a link's members have role uplink.");
            }
        }
    }

    private bool Exists(PortName port) => _ports.Exists(port.ToString()) || _known.Ports.ContainsKey(port);

    /// <summary>The port's role after the import; null where its row has a fault or it does not exist.</summary>
    private PortRole? Role(PortName port) => _ports.Row(port.ToString())?.Role
        ?? (_rows.IsFaulty(InventoryFile.Ports, port.ToString()) ? null : _known.Ports.GetValueOrDefault(port)?.Role);

    private void Fault(InventoryFile file, IInventoryRow row, string header, string code, string message) => _faults.Add(file, row.Line, header, code, message);
}
