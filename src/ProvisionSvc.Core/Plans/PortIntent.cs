using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>The properties of a port that an intent settles. Every template says per field how to read, set and unset it, or that it cannot.</summary>
public enum IntentField
{
    /// <summary>Canonical values: <c>up</c>, <c>down</c>.</summary>
    AdminStatus,

    /// <summary>Canonical values: <c>access</c>, <c>trunk</c>, or null where the port has neither by configuration (it negotiates).</summary>
    Mode,

    /// <summary>Of a port in access mode. Canonical values: a VLAN ID, or null for none.</summary>
    AccessVlan,

    /// <summary>Of a trunk: every VLAN that it carries, the native one too. Canonical values: <c>7,10-12</c>, or null for none.</summary>
    AllowedVlans,

    /// <summary>Of a trunk: the VLAN of frames without a tag. Canonical values: a VLAN ID, or null for none.</summary>
    NativeVlan,

    /// <summary>Towards the customer. Canonical values: kbit/s, or null for unlimited.</summary>
    RateDown,

    /// <summary>From the customer. Canonical values: kbit/s, or null for unlimited.</summary>
    RateUp,

    /// <summary>Canonical values: the circuit id, or null for none.</summary>
    Alias,
}

/// <summary>A port that carries VLANs with their tags.</summary>
/// <param name="Carried">All VLANs, the native one too.</param>
/// <param name="Native">The one whose frames have no tag, or null where frames without a tag belong to nothing.</param>
public sealed record Trunk(VlanSet Carried, VlanId? Native = null);

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
    public const string Access = "access";

    public const string TrunkMode = "trunk";

    /// <summary>What the port carries with tags; null for a port in access mode.</summary>
    public Trunk? Trunk { get; init; }

    /// <summary>
    /// The VLANs that we put on the port as a trunk and that may still stand there. Any other that a trunk carries is somebody else's, and its port is not
    /// written. Not a part of what the port should be.
    /// </summary>
    public VlanSet Ours { get; init; } = VlanSet.None;

    /// <summary>The intent of a port that carries nothing.</summary>
    public static PortIntent Empty { get; } = new(AdminStatus.Down);

    /// <summary>The canonical text of each field that the port itself has to show; a trunk has no access VLAN, and an access port no list.</summary>
    public IReadOnlyDictionary<IntentField, string?> Values
    {
        get
        {
            var values = new Dictionary<IntentField, string?>
            {
                [IntentField.AdminStatus] = AdminStatus == AdminStatus.Up ? "up" : "down",
                [IntentField.Mode] = Trunk is null ? Access : TrunkMode,
                [IntentField.Alias] = Alias?.Value,
            };
            if (Trunk is { } trunk)
            {
                values[IntentField.AllowedVlans] = trunk.Carried.IsEmpty ? null : trunk.Carried.ToString();
                values[IntentField.NativeVlan] = trunk.Native?.ToString();
            }
            else
            {
                values[IntentField.AccessVlan] = AccessVlan?.ToString();
            }

            if (!RatesElsewhere)
            {
                values[IntentField.RateDown] = RateDown?.Kbps.ToString();
                values[IntentField.RateUp] = RateUp?.Kbps.ToString();
            }

            return values;
        }
    }
}
