using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>The properties of a port that an intent settles. Every template says per field how to read, set and unset it, or that it cannot.</summary>
public enum IntentField
{
    /// <summary>Canonical values: <c>up</c>, <c>down</c>.</summary>
    AdminStatus,

    /// <summary>Canonical values: a VLAN ID, or null for none.</summary>
    AccessVlan,

    /// <summary>Towards the customer. Canonical values: kbit/s, or null for unlimited.</summary>
    RateDown,

    /// <summary>From the customer. Canonical values: kbit/s, or null for unlimited.</summary>
    RateUp,

    /// <summary>Canonical values: the circuit id, or null for none.</summary>
    Alias,
}

/// <summary>
/// What a port should be. Derived from attachments and holds (<see cref="DeriveIntent"/>), never edited. Null means "not set on the port".
/// </summary>
/// <param name="RatesElsewhere">True where the port must not be asked for the rates; they are kept by another device.</param>
public sealed record PortIntent(
    AdminStatus AdminStatus,
    VlanId? AccessVlan = null,
    Bandwidth? RateDown = null,
    Bandwidth? RateUp = null,
    CircuitId? Alias = null,
    bool RatesElsewhere = false)
{
    /// <summary>The intent of a port that carries nothing.</summary>
    public static PortIntent Empty { get; } = new(AdminStatus.Down);

    /// <summary>The canonical text of each field that the port itself has to show.</summary>
    public IReadOnlyDictionary<IntentField, string?> Values => RatesElsewhere
        ? All.Where(v => v.Key is not (IntentField.RateDown or IntentField.RateUp)).ToDictionary()
        : All;

    private Dictionary<IntentField, string?> All => new()
    {
        [IntentField.AdminStatus] = AdminStatus == AdminStatus.Up ? "up" : "down",
        [IntentField.AccessVlan] = AccessVlan?.ToString(),
        [IntentField.RateDown] = RateDown?.Kbps.ToString(),
        [IntentField.RateUp] = RateUp?.Kbps.ToString(),
        [IntentField.Alias] = Alias?.Value,
    };
}

/// <summary>The one rule that says what a port should be.</summary>
public static class DeriveIntent
{
    /// <summary>
    /// The intent of <paramref name="port"/> given every service that has an attachment on it. A dark service keeps its VLAN, rates and alias on the port,
    /// so that lighting it again is one line; the port is up only while a service on it is lit.
    /// </summary>
    public static PortIntent For(PortName port, IReadOnlyList<Service> services)
    {
        var carried = services
            .Where(s => s.State != ServiceState.Terminated)
            .SelectMany(s => s.Attachments.Where(a => a.Port == port).Select(a => (Service: s, Attachment: a)))
            .ToList();

        // Until a template can do trunks, Orders refuses a second attachment; the first lit one is the one the port shows.
        var shown = carried.OrderByDescending(c => c.Service.IsLit).FirstOrDefault();
        return shown.Attachment is not { } attachment ? PortIntent.Empty : new PortIntent(
            shown.Service.IsLit ? AdminStatus.Up : AdminStatus.Down,
            attachment.Vlan,
            attachment.RateEnforcedElsewhere ? null : attachment.RateDown,
            attachment.RateEnforcedElsewhere ? null : attachment.RateUp,
            shown.Service.CircuitId,
            attachment.RateEnforcedElsewhere);
    }
}
