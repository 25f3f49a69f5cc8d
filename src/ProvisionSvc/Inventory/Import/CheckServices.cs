using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Inventory.Import;

/// <summary>The half that speaks of customers and what they bought.</summary>
internal sealed partial class CheckInventory
{
    private Dictionary<string, HashSet<PortName>>? _portsByCircuit;

    /// <summary>The ports that the file gives each circuit.</summary>
    private Dictionary<string, HashSet<PortName>> PortsByCircuit => _portsByCircuit ??= _rows.Attachments
        .GroupBy(a => a.CircuitId.Value).ToDictionary(g => g.Key, g => g.Select(a => a.Port).ToHashSet(), StringComparer.Ordinal);

    private void Parties()
    {
        foreach (var row in _rows.Accounts)
        {
            _customers.Require(row.Customer, "customer", InventoryFile.Accounts, row, "customer", _faults);
            _districts.Require(row.District.ToString(), "district", InventoryFile.Accounts, row, "district", _faults);
        }

        foreach (var row in _rows.Groups)
        {
            _customers.Require(row.Customer, "customer", InventoryFile.Groups, row, "customer", _faults);
        }
    }

    private void Services()
    {
        foreach (var row in _rows.Services)
        {
            _accounts.Require(row.Account, "account", InventoryFile.Services, row, "account", _faults);
            _buildings.Require(row.Building, "building", InventoryFile.Services, row, "building", _faults);
            if (row.Group is { } group)
            {
                _groups.Require(group, "group", InventoryFile.Services, row, "group", _faults);
            }

            if (_known.Services.TryGetValue(row.CircuitId.Value, out var known) && known.IsOrdered)
            {
                CheckChange(row, known);
            }
        }
    }

    /// <summary>What orders decide, an import may repeat, not change. Suspended or not is the holds' business: that difference is left as it is.</summary>
    private void CheckChange(ServiceRow row, KnownService known)
    {
        if ((row.State == ServiceState.Terminated) != (known.State == ServiceState.Terminated))
        {
            Fault(InventoryFile.Services, row, "state", "service-ordered",
                $"{row.CircuitId} is {known.State.ToString().ToLowerInvariant()} by order; an import does not change that. Take the line out of the file, or place an order.");
        }

        if (row.RateDown.Kbps != known.DownKbps || row.RateUp.Kbps != known.UpKbps)
        {
            Fault(InventoryFile.Services, row, "rate_down_mbps", "service-ordered",
                $"{row.CircuitId} was ordered with {known.DownKbps / 1000m} down and {known.UpKbps / 1000m} up (Mbit/s); an import does not change that.");
        }

        if (row.Building != known.Building)
        {
            Fault(InventoryFile.Services, row, "building", "service-ordered", $"{row.CircuitId} was ordered in {known.Building}; an import does not move it.");
        }
    }

    private void Attachments()
    {
        var ports = new Overlay<AttachmentRow>(InventoryFile.Attachments, _rows, _rows.Attachments, _ => false, "if_name", _faults);
        foreach (var row in _rows.Attachments.Where(r => ports.Row(r.Key) == r))
        {
            _services.Require(row.CircuitId.Value, "service", InventoryFile.Attachments, row, "circuit_id", _faults);
            CheckPort(row);
            CheckVlan(row);
            CheckOrdered(row);
        }
    }

    private void CheckPort(AttachmentRow row)
    {
        if (!Exists(row.Port))
        {
            _switches.Require(row.Port.Switch, "switch", InventoryFile.Attachments, row, "switch", _faults);
            if (_switches.Exists(row.Port.Switch))
            {
                Fault(InventoryFile.Attachments, row, "if_name", "unknown-port", $"There is no port {row.Port}, neither in ports.csv nor in the inventory.");
            }
        }
        else if (Role(row.Port) is { } role and not PortRole.Customer)
        {
            Fault(InventoryFile.Attachments, row, "if_name", "port-not-customer", $"{row.Port} has role {role.ToString().ToLowerInvariant()}; a line ends on a customer port.");
        }

        if (_known.Ports.GetValueOrDefault(row.Port)?.Circuit is { } other && other != row.CircuitId.Value && !Moves(other, row.Port))
        {
            Fault(InventoryFile.Attachments, row, "if_name", "port-taken", $"{row.Port} carries {other} in the inventory; a second attachment needs a trunk, which no template offers yet.");
        }

        if (State(row.CircuitId.Value) == ServiceState.Terminated)
        {
            Fault(InventoryFile.Attachments, row, "circuit_id", "service-terminated", $"{row.CircuitId} is terminated; a terminated service has no attachment.");
        }
    }

    private void CheckVlan(AttachmentRow row)
    {
        var building = _switches.Row(row.Port.Switch)?.Building ?? _known.Switches.GetValueOrDefault(row.Port.Switch)?.Building;
        var node = building is null ? null : _buildings.Row(building)?.Node ?? _known.Buildings.GetValueOrDefault(building);
        var range = node is null || _rows.IsFaulty(InventoryFile.Nodes, node) ? null
            : _nodes.Row(node) is { } n ? new KnownNode(n.Name, n.VlanFirst, n.VlanLast)
            : _known.Nodes.GetValueOrDefault(node);
        if (range is not null && (row.Vlan < range.VlanFirst || row.Vlan > range.VlanLast))
        {
            Fault(InventoryFile.Attachments, row, "vlan", "vlan-outside-range", $"VLAN {row.Vlan} is outside the range {range.VlanFirst}-{range.VlanLast} of {range.Name}.");
        }
    }

    /// <summary>A line that was ordered stays where the order put it.</summary>
    private void CheckOrdered(AttachmentRow row)
    {
        var live = _known.Attachments[row.CircuitId.Value];
        var same = live.Any(a => a.Port == row.Port && a.Vlan == row.Vlan && !a.Tagged);
        if (!same && _known.Services.GetValueOrDefault(row.CircuitId.Value) is { IsOrdered: true })
        {
            var now = string.Join(", ", live.Select(a => $"on {a.Port} in VLAN {a.Vlan}"));
            Fault(InventoryFile.Attachments, row, "if_name", "service-ordered",
                $"{row.CircuitId} is {(now.Length == 0 ? "not attached" : now)} by order; an import does not change that. Correct the file, or place an order.");
        }
        else if (!same && _known.Ports.GetValueOrDefault(row.Port) is { IsOrdered: true })
        {
            Fault(InventoryFile.Attachments, row, "if_name", "port-ordered", $"{row.Port} was written by orders; an import attaches nothing there. Order the line instead.");
        }
    }

    private ServiceState? State(string circuit) => _services.Row(circuit)?.State
        ?? (_rows.IsFaulty(InventoryFile.Services, circuit) ? null : _known.Services.GetValueOrDefault(circuit)?.State);

    /// <summary>True where the file gives the circuit other ports and not this one: it is corrected away from here.</summary>
    private bool Moves(string circuit, PortName port) => PortsByCircuit.TryGetValue(circuit, out var ports) && !ports.Contains(port);
}
