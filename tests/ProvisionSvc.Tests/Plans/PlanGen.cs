using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Plans;

/// <summary>Random intents, readings and templates for the properties of plans.</summary>
internal static class PlanGen
{
    private static readonly string[] Traps =
    [
        "x\nreload", "{port}", "{value}", "$(reboot)", "`id`", "a;b", "' || reboot '", "up\nshutdown", "1007\nundo shutdown", "١٠", " 7", "+7", "7 ", "0x1", "7\0",
    ];

    public static readonly PortName Port = new("b01-sw1", "GigabitEthernet0/0/7");

    public static LoadedTemplate Vrp5 { get; } = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("huawei-vrp5")!;

    public static LoadedTemplate OpenVswitch { get; } = TemplateCatalog.Load(Folders.Templates).OrThrow().Find("open-vswitch")!;

    public static readonly Gen<string> Circuit = Gen.String[Gen.Char["ABCxyz0189._-"], 0, 30].Select(Gen.Char["ABC019"], (tail, head) => head + tail);

    public static readonly Gen<long> Kbps = Gen.Frequency((3, Gen.Long[1, 1000].Select(m => m * 1000)), (1, Gen.Long[1, 10_000_000]));

    /// <summary>1 is on no list of ours, and few numbers meet more often.</summary>
    public static readonly Gen<int> Vlan = Gen.Frequency((3, Gen.Int[2, 9]), (1, Gen.Int[2, 4094]));

    public static readonly Gen<VlanSet> Vlans = Vlan.Array[1, 4].Select(v => VlanSet.Of(v));

    /// <summary>Some of the VLANs may be the native one.</summary>
    private static readonly Gen<Trunk> AnyTrunk = Gen.Select(Vlans, Gen.Int[0, 7]).Select((v, i) => new Trunk(v, i < v.Ids.Count ? new VlanId(v.Ids[i]) : null));

    /// <summary>Whatever stands on the port as a trunk is ours.</summary>
    public static readonly Gen<PortIntent> Intent = Gen.Frequency(
        (1, Gen.Const(PortIntent.Empty with { Ours = VlanSet.All })),
        (6, Gen.Select(Gen.Bool, Gen.Frequency((2, Gen.Const((Trunk?)null)), (1, AnyTrunk.Select(t => (Trunk?)t))), Gen.Select(Gen.Int[1, 4094], Kbps, Kbps), Circuit, Gen.Bool,
            (up, trunk, numbers, circuit, elsewhere) => new PortIntent(
                up ? AdminStatus.Up : AdminStatus.Down,
                trunk is null ? new VlanId(numbers.Item1) : null,
                elsewhere ? null : Bandwidth.FromKbps(numbers.Item2),
                elsewhere ? null : Bandwidth.FromKbps(numbers.Item3),
                CircuitId.Parse(circuit),
                elsewhere) { Trunk = trunk, Ours = VlanSet.All })));

    /// <summary>What a device that only we ever wrote may show: any field unread (but the mode, and a trunk's list), unset, or one of our values.</summary>
    public static readonly Gen<PortReading> OurReading = Gen.Select(
        Field(OneOf("up", "down"), mayBeNull: false),
        Gen.Select(Gen.Int[0, 4], Field(Gen.Int[1, 4094].Select(v => v.ToString()), mayBeNull: true), AnyTrunk),
        Gen.Select(Field(Kbps.Select(k => k.ToString()), mayBeNull: true), Field(Kbps.Select(k => k.ToString()), mayBeNull: true)),
        Field(Circuit, mayBeNull: true),
        (status, vlans, rates, alias) => Reading(status, Moded(vlans.Item1, vlans.Item2, vlans.Item3), rates.Item1, rates.Item2, alias));

    public static readonly Gen<PortReading> OurFullReading = OurReading.Where(r => r.Values.Count == (r.Mode == PortIntent.TrunkMode ? 7 : 6));

    /// <summary>Text as an attacker, a broken agent or a customer may leave it on a port.</summary>
    public static readonly Gen<string> Hostile = Gen.Frequency(
        (3, Gen.String[Gen.Char["\n\r\0\u001b\u0003\u001a\t?;|&$`'\"!#{}()<>\\ \u2028\u0085ab01"], 0, 24]),
        (2, Gen.String),
        (1, OneOf(Traps)));

    public static PortReading Reading(
        (bool Known, string? Value) status, IReadOnlyDictionary<IntentField, string?> vlans, (bool Known, string? Value) down, (bool Known, string? Value) up,
        (bool Known, string? Value) alias)
    {
        var values = vlans.ToDictionary();
        foreach (var (field, (known, value)) in new[]
        {
            (IntentField.AdminStatus, status), (IntentField.RateDown, down), (IntentField.RateUp, up), (IntentField.Alias, alias),
        })
        {
            if (known)
            {
                values[field] = value;
            }
        }

        return new(values);
    }

    private static Dictionary<IntentField, string?> Moded(int which, (bool Known, string? Value) access, Trunk trunk)
    {
        var values = new Dictionary<IntentField, string?>();
        values[IntentField.Mode] = which switch { 0 => null, < 3 => PortIntent.Access, _ => PortIntent.TrunkMode };
        if (which >= 3)
        {
            values[IntentField.AllowedVlans] = trunk.Carried.ToString();
            values[IntentField.NativeVlan] = trunk.Native?.ToString();
        }
        else if (access.Known)
        {
            values[IntentField.AccessVlan] = access.Value;
        }

        return values;
    }

    /// <summary>What the reading says of every field, also by the mode alone; "?" where it says nothing.</summary>
    public static IReadOnlyDictionary<IntentField, string?> Shown(PortReading reading) =>
        Enum.GetValues<IntentField>().ToDictionary(f => f, f => reading.TryGet(f, out var value) ? value : "?");

    public static Gen<(bool Known, string? Value)> Field(Gen<string> value, bool mayBeNull) => Gen.Frequency(
        (1, Gen.Const((false, (string?)null))),
        (mayBeNull ? 2 : 0, Gen.Const((true, (string?)null))),
        (6, value.Select(v => (true, (string?)v))));

    public static DevicePlan Planned(PlanOutcome outcome) => outcome is PlanOutcome.Planned(var plan)
        ? plan
        : throw new InvalidOperationException(string.Join(' ', ((PlanOutcome.Refused)outcome).Reasons));

    public static IReadOnlyList<string> Refused(PlanOutcome outcome) => Assert.IsType<PlanOutcome.Refused>(outcome).Reasons;

    private static Gen<string> OneOf(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);
}
