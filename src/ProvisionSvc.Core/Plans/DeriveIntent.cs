using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>The one rule that says what a port should be.</summary>
public static class DeriveIntent
{
    private sealed record Carried(Service Service, Attachment Attachment);

    /// <summary>
    /// The intent of <paramref name="port"/> given every service that has an attachment on it. A dark service keeps its VLAN, rates and alias on the port,
    /// so that lighting it again is one line; the port is up only while a service on it is lit. Beside a lit one, a dark service's VLAN comes off the port:
    /// nothing else would keep it dark.
    /// </summary>
    public static PortIntent For(PortName port, IReadOnlyList<Service> services)
    {
        var carried = services
            .Where(s => s.State != ServiceState.Terminated)
            .SelectMany(s => s.Attachments.Where(a => a.Port == port).Select(a => new Carried(s, a)))
            .ToList();
        var lit = carried.Where(c => c.Service.IsLit).ToList();
        IReadOnlyList<Carried> shown = lit.Count > 0 ? lit : carried;
        if (shown.Count == 0)
        {
            return PortIntent.Empty;
        }

        var untagged = shown.FirstOrDefault(c => !c.Attachment.Tagged);
        var isTrunk = carried.Exists(c => c.Attachment.Tagged);
        var elsewhere = shown.Any(c => c.Attachment.RateEnforcedElsewhere);
        return new PortIntent(
            lit.Count > 0 ? AdminStatus.Up : AdminStatus.Down,
            isTrunk ? null : untagged?.Attachment.Vlan,
            elsewhere ? null : Sum(shown.Select(c => c.Attachment.RateDown)),
            elsewhere ? null : Sum(shown.Select(c => c.Attachment.RateUp)),
            shown[0].Service.CircuitId,
            elsewhere)
        {
            Trunk = isTrunk ? new(VlanSet.Of(Carrying(shown, untagged).Select(c => c.Attachment.Vlan)), untagged?.Attachment.Vlan) : null,
        };
    }

    /// <summary>One VLAN can be the native one: of several attachments without a tag the port shows the first.</summary>
    private static IEnumerable<Carried> Carrying(IReadOnlyList<Carried> shown, Carried? untagged) => shown.Where(c => c.Attachment.Tagged || c == untagged);

    /// <summary>A port limits what all its lines have together.</summary>
    private static Bandwidth Sum(IEnumerable<Bandwidth> rates) => Bandwidth.FromKbps(rates.Sum(r => r.Kbps));
}
