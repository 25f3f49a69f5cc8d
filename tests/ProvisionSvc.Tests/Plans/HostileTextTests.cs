using System.Text.RegularExpressions;
using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Tests.Templates;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

/// <summary>T7: no text from a customer or a device becomes a line, or a part of one that was not planned.</summary>
public class HostileTextTests
{
    private static readonly Dictionary<IntentField, Func<string, bool>> Ours = new()
    {
        [IntentField.AdminStatus] = v => v is "up" or "down",
        [IntentField.Mode] = v => v is "access" or "trunk",
        [IntentField.AccessVlan] = IsVlan,
        [IntentField.NativeVlan] = IsVlan,
        [IntentField.AllowedVlans] = v => VlanSet.TryParse(v, out _),
        [IntentField.RateDown] = v => v.All(char.IsAsciiDigit),
        [IntentField.RateUp] = v => v.All(char.IsAsciiDigit),
        [IntentField.Alias] = v => CircuitId.TryParse(v, out _),
    };

    private static readonly (LoadedTemplate Loaded, PortName Port)[] Families =
        [.. TemplateCatalog.Load(Folders.Templates).OrThrow().Templates.Select(t => (t, new PortName("sw1", FamilyPlanTests.Ports[t.Name])))];

    [Fact]
    public void No_text_shown_by_a_device_is_ever_typed_back() => Gen.Select(
        Field(Hostile, true), Vlans, Field(Hostile, true), Field(Hostile, true), Field(Hostile, true), Reading)
        .Select(Intent, Gen.Int[0, Families.Length - 1]).Sample(
            (reading, intent, which) =>
            {
                var (loaded, port) = Families[which];
                var outcome = MakePlanTests.For(loaded.Template, port, Possible(loaded.Template, intent), reading);
                if (outcome is PlanOutcome.Refused(var reasons))
                {
                    // A list or mode that is none, where it would have to be known.
                    Assert.All(reasons, r => Assert.Contains("the switch shows that its mode cannot be read", r.Replace("it is a trunk whose list of VLANs", "its mode", StringComparison.Ordinal)));
                    return;
                }

                var plan = Planned(outcome);
                foreach (var step in plan.Steps)
                {
                    AssertLines(loaded.Template.Fields[step.Field], step.Before, step.After, step.Lines);
                    if (step.Undo.Count > 0)
                    {
                        Assert.True(step.Before is null || Ours[step.Field](step.Before), $"typed back: {step.Before}");
                        AssertLines(loaded.Template.Fields[step.Field], step.After, step.Before, step.Undo);
                    }
                }

                Assert.DoesNotContain(plan.Text, c => (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029');
                Assert.Equal(1 + plan.Steps.Sum(s => 1 + s.Lines.Count + (s.Snmp is null ? 0 : 1)) + plan.Opening.Count + plan.Closing.Count + plan.Keep.Count, plan.Text.Count(c => c == '\n'));
            },
            iter: 100_000);

    [Fact]
    public void No_text_becomes_a_circuit_id_unless_it_is_harmless_on_every_command_line() => Hostile.Sample(
        text =>
        {
            if (CircuitId.TryParse(text, out var id))
            {
                Assert.Matches(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,31}\z", id.Value);
            }
        },
        iter: 100_000);

    [Fact]
    public void No_text_is_a_port_s_name_unless_the_template_says_so() => Gen.Select(Hostile, Gen.Int[0, Families.Length - 1]).Sample(
        (text, which) =>
        {
            var (loaded, port) = Families[which];
            foreach (var name in new[] { text, port.IfName + text, text + port.IfName }.Where(n => MakePlanTests.For(
                loaded.Template, new PortName("sw1", n), PortIntent.Empty, PortReading.Nothing) is PlanOutcome.Planned))
            {
                Assert.Matches(@"\A[A-Za-z0-9](?:[A-Za-z0-9/: -]*[0-9])?\z", name);
            }
        },
        iter: 100_000);

    /// <summary>Mode, list and native VLAN as an attacker may show them; now and then the mode is one, so that what follows from it is tried too.</summary>
    private static Gen<IReadOnlyDictionary<IntentField, string?>> Vlans => Gen.Select(
        Field(Gen.Frequency((1, Gen.Const("access")), (1, Gen.Const("trunk")), (2, Hostile)), true), Field(Hostile, true), Field(Hostile, true), Field(Hostile, true),
        (mode, access, list, native) => (IReadOnlyDictionary<IntentField, string?>)new[]
        {
            (IntentField.Mode, mode), (IntentField.AccessVlan, access), (IntentField.AllowedVlans, list), (IntentField.NativeVlan, native),
        }.Where(f => f.Item2.Known).ToDictionary(f => f.Item1, f => f.Item2.Value));

    private static bool IsVlan(string text) => text.All(char.IsAsciiDigit) && long.Parse(text) is >= 1 and <= 4094;

    /// <summary>The intent without the fields that the family cannot write; those are refused before anything is rendered.</summary>
    internal static PortIntent Possible(DeviceTemplate template, PortIntent intent)
    {
        var rates = template.Fields.ContainsKey(IntentField.RateDown);
        return intent with
        {
            AccessVlan = template.Fields.ContainsKey(IntentField.AccessVlan) ? intent.AccessVlan : null,
            RateDown = rates ? intent.RateDown : null,
            RateUp = rates ? intent.RateUp : null,
            Trunk = template.CanTrunk ? intent.Trunk : null,
        };
    }

    private static void AssertLines(FieldTemplate how, string? from, string? to, IReadOnlyList<PlanLine> lines)
    {
        if (how.Add.Count > 0)
        {
            var (before, after) = (Parsed(from), Parsed(to));
            Assert.Equal((after.Except(before).Ids.Count * how.Add.Count) + (before.Except(after).Ids.Count * how.Remove.Count), lines.Count);

            // Each VLAN is typed as its number, whatever the list looked like.
            string[] shapes = [.. how.AllLines.Select(l => $"^{Regex.Escape(l.Text).Replace(@"\{value}", @"\d{1,4}", StringComparison.Ordinal).Replace(@"\{port}", ".*", StringComparison.Ordinal)}$")];
            Assert.All(lines, l => Assert.Contains(shapes, s => Regex.IsMatch(l.Text, s)));
            return;
        }

        var planned = to is null ? how.Unset : how.Cases.GetValueOrDefault(to, how.Set);
        Assert.Equal(planned.Count, lines.Count);
        foreach (var (line, template) in lines.Zip(planned))
        {
            Assert.True(Printable.Is(line.Text), line.Text);
            Assert.StartsWith(template.Text[..Math.Max(0, template.Text.IndexOf('{'))], line.Text, StringComparison.Ordinal);
        }
    }

    private static VlanSet Parsed(string? text) => VlanSet.TryParse(text, out var vlans) ? vlans : VlanSet.None;
}
