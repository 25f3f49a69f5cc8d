using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Orders;

/// <summary>When a port has its turn in an order.</summary>
internal enum PortTurn
{
    /// <summary>At once.</summary>
    Now,

    /// <summary>When the ports that have their turn now are proven; until then it stays as it is.</summary>
    Afterwards,

    /// <summary>Never: the port is gone with its switch, and only the books say so.</summary>
    Never,
}

/// <summary>A port that an order changes: what it should be afterwards and what it will then show.</summary>
internal sealed record AffectedPort(PortRow Row, PortIntent Intent, IReadOnlyDictionary<IntentField, string?> Expected, PortTurn Turn = PortTurn.Now)
{
    /// <summary>True when light goes out here that nothing else gives back.</summary>
    public bool Darkens => Turn == PortTurn.Now && Row.IsLit && Intent.AdminStatus != AdminStatus.Up;
}

/// <summary>Which ports a decision touches.</summary>
internal static class AffectedPorts
{
    /// <summary>The ports of an order in the order of their turns: those that its changes name, or all of the service.</summary>
    public static IEnumerable<(PortName Port, PortTurn Turn)> Turns(Decision decision, Service before, Service after, PortName? only)
    {
        var all = before.Attachments.Concat(after.Attachments).Select(a => a.Port).Distinct().Where(p => only is null || p == only).Select(p => (p, PortTurn.Now));
        if (decision is not Decision.Apply(var changes))
        {
            return all;
        }

        var named = changes.Select(c => c switch
        {
            ServiceChange.Attached(var a) => [(a.Port, PortTurn.Now)],
            ServiceChange.Detached(var a) => [(a.Port, PortTurn.Now)],
            ServiceChange.Replaced(_, var to) => [(to.Port, PortTurn.Now)],
            ServiceChange.Moved(var from, var to) => [(to.Port, PortTurn.Now), (from.Port, PortTurn.Afterwards)],
            ServiceChange.TakenOver(var from, var to) => [(to.Port, PortTurn.Now), (from.Port, PortTurn.Never)],
            _ => default((PortName, PortTurn)[]),
        }).ToList();
        return named.Contains(null) ? all : named.SelectMany(n => n!).DistinctBy(n => n.Item1);
    }
}
