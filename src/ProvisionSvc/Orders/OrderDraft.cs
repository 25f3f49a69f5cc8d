using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>A request that has been read: every text is a value, every fault is known.</summary>
internal sealed record OrderDraft
{
    private static readonly JsonSerializerOptions Given = new(Json.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public required string Client { get; init; }

    public required string PlacedBy { get; init; }

    /// <summary>Sales districts of the caller; null for all.</summary>
    public required int[]? Districts { get; init; }

    public required PlaceOrderRequest Body { get; init; }

    /// <summary>The service; null where the order names a group, a switch or a bare port.</summary>
    public required CircuitId? Circuit { get; init; }

    public HoldKind? Hold { get; init; }

    public Bandwidth? RateDown { get; init; }

    public Bandwidth? RateUp { get; init; }

    public VlanId? Vlan { get; init; }

    public CircuitId? NewCircuit { get; init; }

    /// <summary>adopt: what the port was seen to be just now.</summary>
    public PortReading? Reading { get; init; }

    public PortName? Port => Body is { Switch: { } name, IfName: { } ifName } ? new(name, ifName) : null;

    public PortName? ToPort => Body is { ToSwitch: { } name, ToIfName: { } ifName } ? new(name, ifName) : null;

    /// <summary>True for an order over the services of a group or the ports of a switch: it becomes one order for each of them.</summary>
    public bool IsOverMany => Body.Group is not null || (Body.Action == "replaceSwitch" && Circuit is null);

    /// <summary>SHA-256 of what the body says: the same externalId with another body is another order, and refused. A member that a later version adds changes nothing.</summary>
    public byte[] BodyHash => SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Body, Given)));

    public bool IsMine(int district) => Districts is null || Districts.Contains(district);
}
