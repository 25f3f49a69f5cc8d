using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Holds;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;

namespace ProvisionSvc.Orders;

/// <summary>Turns a request into a draft, or into everything that is wrong with it.</summary>
internal static class ParseOrder
{
    /// <summary>Every order type with the members that it takes, beside those of every order (externalId, action, why, requestedStart).</summary>
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["activate"] = ["service", "account", "building", "switch", "ifName", "vlan", "tagged", "rateDownMbps", "rateUpMbps", "rateEnforcedElsewhere", "fieldAnswer"],
        ["disconnect"] = ["service", "group"],
        ["suspend"] = ["service", "group", "hold", "until"],
        ["resume"] = ["service", "group", "hold"],
        ["changeSpeed"] = ["service", "group", "switch", "ifName", "rateDownMbps", "rateUpMbps"],
        ["changeVlan"] = ["service", "switch", "ifName", "vlan"],
        ["addAttachment"] = ["service", "building", "switch", "ifName", "vlan", "rateDownMbps", "rateUpMbps", "rateEnforcedElsewhere"],
        ["removeAttachment"] = ["service", "switch", "ifName"],
        ["move"] = ["service", "switch", "ifName", "toSwitch", "toIfName", "vlan"],
        ["rename"] = ["service", "newService"],
        ["repair"] = ["service", "group", "switch", "ifName"],
        ["adopt"] = ["service", "switch", "ifName"],
        ["replaceSwitch"] = ["service", "switch", "ifName", "toSwitch", "toIfName", "portMap"],
        ["undo"] = ["service", "undoes"],
    };

    public static IReadOnlyCollection<string> Actions => Members.Keys;

    public static (OrderDraft? Draft, IReadOnlyList<Fault> Faults) Parse(PlaceOrderRequest body, string client, string placedBy, int[]? districts)
    {
        var faults = new List<Fault>(Common(body));
        void Wrong(string code, string field, string message) => faults.Add(new(code, field, message));

        if (Members.TryGetValue(body.Action, out var members))
        {
            faults.AddRange(Given(body).Where(f => f.IsGiven && !members.Contains(f.Field))
                .Select(f => new Fault("misplaced-member", f.Field, $"{body.Action} takes no {f.Field}; leave it out.")));
            faults.AddRange(Missing(body, members));
        }
        else
        {
            Wrong("unknown-action", "action", $"\"{Shown(body.Action)}\" is not an order; known are {string.Join(", ", Actions.Except(["undo"]))}.");
        }

        if (body.FieldAnswer == true && (body.Switch is not null || body.IfName is not null || body.Building is null))
        {
            Wrong("field-answer-place", "fieldAnswer", "An order that waits for the field answer names the building, and neither switch nor ifName.");
        }

        var circuit = Circuit(body.Service, "service", faults);
        var newCircuit = Circuit(body.NewService, "newService", faults);
        var hold = Hold(body, members, faults);
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
            Circuit = circuit,
            Hold = hold,
            RateDown = down,
            RateUp = up,
            Vlan = body.Vlan is { } id ? new VlanId(id) : null,
            NewCircuit = newCircuit,
        }, []);
    }

    /// <summary>What is wrong with the members of every order.</summary>
    public static IEnumerable<Fault> Common(PlaceOrderRequest body)
    {
        if (body.ExternalId.Length is 0 or > 64 || body.ExternalId.Any(char.IsControl))
        {
            yield return new("invalid-external-id", "externalId", "externalId has 1 to 64 printable characters.");
        }

        if (body.Why is { Length: > 500 } || body.Why?.Any(char.IsControl) == true)
        {
            yield return new("invalid-why", "why", "why has at most 500 characters and no control characters.");
        }
    }

    /// <summary>Each member beside those of every order. Taking one silently that does not belong would promise something.</summary>
    private static IEnumerable<(string Field, bool IsGiven)> Given(PlaceOrderRequest body) =>
    [
        ("service", body.Service is not null), ("group", body.Group is not null), ("hold", body.Hold is not null), ("until", body.Until is not null),
        ("account", body.Account is not null), ("building", body.Building is not null), ("switch", body.Switch is not null), ("ifName", body.IfName is not null),
        ("toSwitch", body.ToSwitch is not null), ("toIfName", body.ToIfName is not null), ("portMap", body.PortMap is not null),
        ("newService", body.NewService is not null), ("vlan", body.Vlan is not null), ("tagged", body.Tagged is not null), ("rateDownMbps", body.RateDownMbps is not null),
        ("rateUpMbps", body.RateUpMbps is not null), ("rateEnforcedElsewhere", body.RateEnforcedElsewhere is not null), ("undoes", body.Undoes is not null), ("fieldAnswer", body.FieldAnswer is not null),
        ("requestedStart", body.RequestedStart is not null && body.Action == "adopt"),
    ];

    private static IEnumerable<Fault> Missing(PlaceOrderRequest body, string[] members)
    {
        var overSwitch = body.Action == "replaceSwitch";
        var barePort = body.Action == "repair" && body.Switch is not null;
        if (body is { Service: null, Group: null } && !overSwitch && !barePort)
        {
            yield return new("missing-member", "service", $"{body.Action} needs its service (the circuit id).");
        }

        if (body is { Service: not null, Group: not null })
        {
            yield return new("service-or-group", "group", "Name the service or the group, not both.");
        }

        if (body.Group is { Length: 0 or > 64 } || body.Group?.Any(char.IsControl) == true)
        {
            yield return new("invalid-group", "group", "A group's name has 1 to 64 printable characters.");
        }

        if (body.Group is not null && (body.Switch is not null || body.IfName is not null))
        {
            yield return new("misplaced-member", "switch", "An order for a group names no port.");
        }

        if (body.Switch is null != body.IfName is null && !overSwitch && members.Contains("switch"))
        {
            yield return new("half-a-port", body.Switch is null ? "switch" : "ifName",
                $"A port is named by switch and ifName together{(body.Action is "activate" or "addAttachment" ? "; leave both out to let the building's qualification choose" : "")}.");
        }

        string[] needed = body.Action switch
        {
            "removeAttachment" => ["switch", "ifName"],
            "move" => ["toSwitch", "toIfName"],
            "rename" => ["newService"],
            "changeSpeed" => ["rateDownMbps"],
            "undo" => ["undoes"],
            "replaceSwitch" => body.Service is null ? ["switch", "toSwitch"] : ["switch", "ifName", "toSwitch", "toIfName"],
            _ => [],
        };
        var given = Given(body).Where(f => f.IsGiven).Select(f => f.Field).ToHashSet();
        foreach (var field in needed.Where(f => !given.Contains(f)))
        {
            yield return new("missing-member", field, $"{body.Action} needs {field}.");
        }
    }

    private static CircuitId? Circuit(string? text, string field, List<Fault> faults)
    {
        if (text is not null && !CircuitId.TryParse(text, out _))
        {
            faults.Add(new("invalid-circuit-id", field, CircuitId.Rule(text)));
        }

        return CircuitId.TryParse(text, out var circuit) ? circuit : null;
    }

    private static HoldKind? Hold(PlaceOrderRequest body, string[]? members, List<Fault> faults)
    {
        if (members?.Contains("hold") != true)
        {
            return null;
        }

        if (EnumText.TryParse<HoldKind>(body.Hold, out var kind))
        {
            return kind;
        }

        faults.Add(body.Hold is null
            ? new("missing-hold", "hold", $"{body.Action} needs the kind of hold: {EnumText.Words<HoldKind>()}.")
            : new("unknown-hold", "hold", $"\"{Shown(body.Hold)}\" is not a kind of hold; known are {EnumText.Words<HoldKind>()}."));
        return null;
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
