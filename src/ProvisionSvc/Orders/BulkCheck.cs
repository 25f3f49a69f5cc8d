using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Orders;

/// <summary>
/// Decides the rows of a bulk one after the other over what the books say, each seeing what the rows before it leave. Whether a node has room for what is lit or moved
/// is asked when that order starts: until then others may come and go.
/// </summary>
internal sealed class BulkCheck(BulkFacts facts, DateTimeOffset now)
{
    public int Darkening { get; private set; }

    public int Unchanged { get; private set; }

    public IReadOnlyList<Fault> Run(IReadOnlyList<BulkRow> rows) => [.. rows.SelectMany(r => Row(r.Draft).Select(f => BulkRows.At(r.Number, f)))];

    private IEnumerable<Fault> Row(OrderDraft draft)
    {
        if (facts.IsUsed(draft.Body.ExternalId))
        {
            return [new("external-id-taken", "externalId", $"externalId \"{draft.Body.ExternalId}\" was used for another order; use a new one.")];
        }

        if (draft.Circuit is not { } circuit)
        {
            return facts.Port(draft.Port!) is { } bare && draft.IsMine(bare.District) ? [] : [ChooseAction.UnknownPort(draft.Port!, "ifName")];
        }

        var (service, district) = facts.Service(circuit.Value);
        var references = References(draft, service).ToList();
        if ((service is null && draft.Body.Action != "activate") || (service is not null && !draft.IsMine(district)))
        {
            references.Insert(0, new("unknown-service", "service", $"There is no service {circuit}; check the circuit id, or activate it first."));
        }

        if (references.Count > 0 || Action(draft, service) is not { } action)
        {
            return references;
        }

        service ??= new(circuit, ServiceState.Designed, [], []);
        switch (action.Decide(service, now))
        {
            case Decision.Reject(var faults):
                return faults;
            case Decision.Apply apply:
                var after = apply.ApplyTo(service);
                Darkening += service.IsLit && !after.IsLit && !action.Restores ? service.Attachments.Count : 0;
                facts.Keep(service, after, district);
                return [];
            default:
                Unchanged++;
                return [];
        }
    }

    /// <summary>What the row names and there is not.</summary>
    private IEnumerable<Fault> References(OrderDraft draft, Service? service)
    {
        foreach (var (field, name) in ((string, PortName?)[])[("ifName", draft.Port), ("toIfName", draft.ToPort)])
        {
            if (name is not null && (facts.Port(name) is not { } port || !draft.IsMine(port.District)))
            {
                yield return ChooseAction.UnknownPort(name, field);
            }
        }

        if (draft.Body.Account is { } account && !facts.HasAccount(account))
        {
            yield return new("unknown-account", "account", $"There is no account \"{account}\".");
        }

        if (draft.Body.Building is { } building && !facts.HasBuilding(building))
        {
            yield return new("unknown-building", "building", $"There is no building \"{building}\".");
        }

        if (draft.Body.Action != "activate" || service is not null)
        {
            yield break;
        }

        if (draft.Body.Account is null)
        {
            yield return new("missing-account", "account", $"{draft.Circuit} is new: name the account that pays.");
        }

        if (draft.RateDown is null)
        {
            yield return new("missing-rate", "rateDownMbps", "A new line needs its rate in Mbit/s.");
        }

        if (draft.Body.Building is null && draft.Port is null)
        {
            yield return new("missing-place", "building", "Name a building (a free port is chosen) or a port (switch and ifName).");
        }
    }

    /// <summary>The order type over what is known now; null where only the qualification, at its start, can choose the port.</summary>
    private OrderAction? Action(OrderDraft draft, Service? service)
    {
        var first = service?.Attachments is [var attachment, ..] ? attachment : null;
        var vlan = draft.Vlan ?? first?.Vlan ?? new VlanId(1);
        var (down, up) = (draft.RateDown ?? first?.RateDown, draft.RateUp ?? first?.RateUp);
        var elsewhere = draft.Body.RateEnforcedElsewhere ?? false;
        return draft.Body.Action switch
        {
            "suspend" => new Suspend(draft.Hold!.Value, draft.PlacedBy, draft.Body.Why ?? "", draft.Body.Until),
            "resume" => new Resume(draft.Hold!.Value),
            "disconnect" => new Disconnect(),
            "repair" => new Repair(draft.Port),
            "removeAttachment" => new RemoveAttachment(draft.Port!),
            "changeSpeed" => new ChangeSpeed(draft.Port, [.. service!.Attachments.Select(a => Offer(a.Port)).OfType<PortOffer>()], down!.Value, up!.Value),
            "changeVlan" => new ChangeVlan(draft.Port, vlan),
            "rename" => new Rename(draft.NewCircuit!, facts.Service(draft.NewCircuit!.Value).Service is not null, []),
            "move" => new Move(draft.Port, Offer(draft.ToPort!)!, vlan, UnderWay: false),
            "addAttachment" when draft.Port is { } port && down is not null => new AddAttachment(Offer(port)!, vlan, down.Value, up!.Value, elsewhere),
            "activate" when draft.Port is { } port && down is not null && first is null => new Activate(Offer(port)!, vlan, false, down.Value, up!.Value, elsewhere),
            _ => null,
        };
    }

    private PortOffer? Offer(PortName name) => facts.Port(name) is { } row ? ChooseAction.Offer(row) : null;
}
