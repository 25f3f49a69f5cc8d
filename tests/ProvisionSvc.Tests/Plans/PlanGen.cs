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

    public static readonly Gen<PortIntent> Intent = Gen.Frequency(
        (1, Gen.Const(PortIntent.Empty)),
        (6, Gen.Select(Gen.Bool, Gen.Int[1, 4094], Kbps, Kbps, Circuit, Gen.Bool, (up, vlan, down, upwards, circuit, elsewhere) => new PortIntent(
            up ? AdminStatus.Up : AdminStatus.Down,
            new VlanId(vlan),
            elsewhere ? null : Bandwidth.FromKbps(down),
            elsewhere ? null : Bandwidth.FromKbps(upwards),
            CircuitId.Parse(circuit),
            elsewhere))));

    /// <summary>What a device that only we ever wrote may show: any field unread, unset, or one of our values.</summary>
    public static readonly Gen<PortReading> OurReading = Gen.Select(
        Field(OneOf("up", "down"), mayBeNull: false),
        Field(Gen.Int[1, 4094].Select(v => v.ToString()), mayBeNull: true),
        Field(Kbps.Select(k => k.ToString()), mayBeNull: true),
        Field(Kbps.Select(k => k.ToString()), mayBeNull: true),
        Field(Circuit, mayBeNull: true),
        Reading);

    public static readonly Gen<PortReading> OurFullReading = OurReading.Where(r => r.Values.Count == 5);

    /// <summary>Text as an attacker, a broken agent or a customer may leave it on a port.</summary>
    public static readonly Gen<string> Hostile = Gen.Frequency(
        (3, Gen.String[Gen.Char["\n\r\0\u001b\u0003\u001a\t?;|&$`'\"!#{}()<>\\ \u2028\u0085ab01"], 0, 24]),
        (2, Gen.String),
        (1, OneOf(Traps)));

    public static PortReading Reading(
        (bool Known, string? Value) status, (bool Known, string? Value) vlan, (bool Known, string? Value) down, (bool Known, string? Value) up, (bool Known, string? Value) alias)
    {
        var values = new Dictionary<IntentField, string?>();
        foreach (var (field, (known, value)) in new[]
        {
            (IntentField.AdminStatus, status), (IntentField.AccessVlan, vlan), (IntentField.RateDown, down), (IntentField.RateUp, up), (IntentField.Alias, alias),
        })
        {
            if (known)
            {
                values[field] = value;
            }
        }

        return new(values);
    }

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
