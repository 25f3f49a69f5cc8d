using System.Security.Cryptography;
using System.Text;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>A request that has been read: every text is a value, every fault is known.</summary>
internal sealed record OrderDraft
{
    public required string Client { get; init; }

    public required string PlacedBy { get; init; }

    /// <summary>Sales districts of the caller; null for all.</summary>
    public required int[]? Districts { get; init; }

    public required PlaceOrderRequest Body { get; init; }

    public required CircuitId Circuit { get; init; }

    public HoldKind? Hold { get; init; }

    public Bandwidth? RateDown { get; init; }

    public Bandwidth? RateUp { get; init; }

    public VlanId? Vlan { get; init; }

    public PortName? Port => Body is { Switch: { } name, IfName: { } ifName } ? new(name, ifName) : null;

    /// <summary>SHA-256 of the body: the same externalId with another body is another order, and refused.</summary>
    public byte[] BodyHash => SHA256.HashData(Encoding.UTF8.GetBytes(Json.Of(Body).Text));
}

/// <summary>Turns a request into a draft, or into everything that is wrong with it.</summary>
internal static class ParseOrder
{
    public static readonly string[] Actions = ["activate", "disconnect", "suspend", "resume"];

    public static (OrderDraft? Draft, IReadOnlyList<Fault> Faults) Parse(PlaceOrderRequest body, string client, string placedBy, int[]? districts)
    {
        var faults = new List<Fault>();
        void Wrong(string code, string field, string message) => faults.Add(new(code, field, message));

        if (body.ExternalId.Length is 0 or > 64 || body.ExternalId.Any(char.IsControl))
        {
            Wrong("invalid-external-id", "externalId", "externalId has 1 to 64 printable characters.");
        }

        if (!Actions.Contains(body.Action))
        {
            Wrong("unknown-action", "action", $"\"{Shown(body.Action)}\" is not an order; known are {string.Join(", ", Actions)}.");
        }

        if (!CircuitId.TryParse(body.Service, out var circuit))
        {
            Wrong("invalid-circuit-id", "service", CircuitId.Rule(body.Service));
        }

        if (body.Why is { Length: > 500 } || body.Why?.Any(char.IsControl) == true)
        {
            Wrong("invalid-why", "why", "why has at most 500 characters and no control characters.");
        }

        var takesHold = body.Action is "suspend" or "resume";
        var hold = default(HoldKind?);
        if (takesHold && body.Hold is null)
        {
            Wrong("missing-hold", "hold", $"{body.Action} needs the kind of hold: {EnumText.Words<HoldKind>()}.");
        }
        else if (takesHold && !EnumText.TryParse<HoldKind>(body.Hold, out var kind))
        {
            Wrong("unknown-hold", "hold", $"\"{Shown(body.Hold)}\" is not a kind of hold; known are {EnumText.Words<HoldKind>()}.");
        }
        else if (takesHold)
        {
            hold = EnumText.Parse<HoldKind>(body.Hold!);
        }

        faults.AddRange(Misplaced(body, takesHold));
        if (body.Action == "activate" && (body.Switch is null) != (body.IfName is null))
        {
            Wrong("half-a-port", body.Switch is null ? "switch" : "ifName", "A port is named by switch and ifName together; leave both out to let the building's qualification choose.");
        }

        if (body.FieldAnswer == true && (body.Switch is not null || body.IfName is not null || body.Building is null))
        {
            Wrong("field-answer-place", "fieldAnswer", "An order that waits for the field answer names the building, and neither switch nor ifName.");
        }

        if (body.Vlan is { } vlan && vlan is < 1 or > 4094)
        {
            Wrong("invalid-vlan", "vlan", $"VLAN {vlan} is outside 1..4094.");
        }

        var down = Rate(body.RateDownMbps, "rateDownMbps", faults);
        var up = body.RateUpMbps is null ? down : Rate(body.RateUpMbps, "rateUpMbps", faults);
        return faults.Count > 0 ? (null, faults) : (new OrderDraft
        {
            Client = client,
            PlacedBy = placedBy,
            Districts = districts,
            Body = body,
            Circuit = circuit!,
            Hold = hold,
            RateDown = down,
            RateUp = up,
            Vlan = body.Vlan is { } id ? new VlanId(id) : null,
        }, []);
    }

    /// <summary>Fields that do not belong to the action; taking them silently would promise something.</summary>
    private static IEnumerable<Fault> Misplaced(PlaceOrderRequest body, bool takesHold)
    {
        (string Field, bool Given, bool Belongs)[] fields =
        [
            ("hold", body.Hold is not null, takesHold),
            ("account", body.Account is not null, body.Action == "activate"),
            ("building", body.Building is not null, body.Action == "activate"),
            ("switch", body.Switch is not null, body.Action == "activate"),
            ("ifName", body.IfName is not null, body.Action == "activate"),
            ("vlan", body.Vlan is not null, body.Action == "activate"),
            ("tagged", body.Tagged is not null, body.Action == "activate"),
            ("rateDownMbps", body.RateDownMbps is not null, body.Action == "activate"),
            ("rateUpMbps", body.RateUpMbps is not null, body.Action == "activate"),
            ("fieldAnswer", body.FieldAnswer is not null, body.Action == "activate"),
            ("rateEnforcedElsewhere", body.RateEnforcedElsewhere is not null, body.Action == "activate"),
        ];
        return fields
            .Where(f => f is { Given: true, Belongs: false } && Actions.Contains(body.Action))
            .Select(f => new Fault("misplaced-member", f.Field, $"{body.Action} takes no {f.Field}; leave it out."));
    }

    private static Bandwidth? Rate(decimal? mbps, string field, List<Fault> faults)
    {
        switch (mbps)
        {
            case null:
                return null;
            case < 0.001m or > 400_000m:
                faults.Add(new("invalid-rate", field, $"{mbps} Mbit/s is not a rate; it is 0.001 to 400,000."));
                return null;
            case { } value when value * 1000m != decimal.Truncate(value * 1000m):
                faults.Add(new("invalid-rate", field, $"{mbps} Mbit/s is finer than 1 kbit/s."));
                return null;
            default:
                return Bandwidth.FromMbps(mbps.Value);
        }
    }

    private static string Shown(string? text) => string.Concat((text ?? "").Take(40).Select(c => char.IsControl(c) ? '?' : c));
}
