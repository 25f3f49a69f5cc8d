using Npgsql;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Loads an order that is to be taken back, with the ports and VLANs that its inverse needs.</summary>
internal static class LoadUndo
{
    public static async Task<ChosenAction> ActionAsync(NpgsqlConnection db, long orderId, ServiceRow row, CancellationToken ct)
    {
        var of = await db.FirstAsync(
            $"select action, hold_kind, changes from service_order where id = {orderId} and service_id = {row.Id}",
            r => new UndoneOrder(orderId, r.Get<string>("action"), r.Get<HoldKind?>("hold_kind"), r.Get<string?>("changes") is { } kept ? KeptChanges.Read(kept) : []),
            ct);
        if (of is null)
        {
            return new(null, [new("unknown-order", "undoes", $"Order {orderId} is none of {row.Service.CircuitId}.")]);
        }

        var (ports, vlans) = (new List<PortOffer>(), new Dictionary<PortName, IReadOnlySet<int>>());
        foreach (var name in of.Changes.SelectMany(c => c.Inverse.Takes).Select(a => a.Port).Distinct())
        {
            if (await LoadOrder.PortAsync(db, name, ct) is { } port)
            {
                ports.Add(ChooseAction.Offer(port));
                vlans[name] = await ChooseAction.VlansTakenAsync(db, port, row.Id, ct);
            }
        }

        return new(new Undo(of, ports, vlans, await ChooseAction.IsMovingAsync(db, row.Id, ct)));
    }
}
