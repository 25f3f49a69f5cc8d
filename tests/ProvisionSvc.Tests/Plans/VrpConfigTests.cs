using CsCheck;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using static ProvisionSvc.Tests.Plans.PlanGen;

namespace ProvisionSvc.Tests.Plans;

/// <summary>The whole circle without a device: planned lines make a configuration, its text is read back, the reading is what was expected.</summary>
public class VrpConfigTests
{
    [Fact]
    public void The_lines_of_a_plan_make_the_configuration_that_it_expects_and_its_reverse_takes_them_back() =>
        Gen.Select(Intent, Intent).Sample((first, second) =>
        {
            var config = new Config();
            config.Type(Planned(MakePlanTests.For(Vrp5.Template, Port, first with { RatesElsewhere = false }, config.Read())));
            var before = config.Read();
            Assert.Empty(Compare.Unproven(Project.Expected(Vrp5.Template, first), before));

            var plan = Planned(MakePlanTests.For(Vrp5.Template, Port, second, before));
            config.Type(plan);
            Assert.Empty(Compare.Unproven(plan.Expected, config.Read()));
            Assert.True(Planned(MakePlanTests.For(Vrp5.Template, Port, second, config.Read())).IsEmpty);

            config.Type(MakePlan.Reverse(plan));
            Assert.Equal(before.Values, config.Read().Values);
            Assert.All(config.Refused, Assert.Null);
        });

    /// <summary>One port's configuration as VRP keeps it: a line replaces the one that says the same thing, <c>undo</c> takes it away.</summary>
    private sealed class Config
    {
        private static readonly string[] Kinds =
            ["shutdown", "description", "port link-type", "port default vlan", "port trunk pvid vlan", "port trunk allow-pass vlan", "qos lr outbound", "qos lr inbound"];
        private readonly SortedDictionary<string, string> _lines = [];

        /// <summary>VLAN 1 is carried until it is taken off; it is printed when it is not.</summary>
        private VlanSet _carried = VlanSet.Of(1);

        /// <summary>Lines that a device would not have taken: of the other mode, or a mode changed while something of the old one stands.</summary>
        public List<string> Refused { get; } = [];

        public void Type(DevicePlan plan)
        {
            foreach (var line in plan.Steps.SelectMany(s => s.Lines).Where(l => l.Scope == LineScope.Port).Select(l => l.Text))
            {
                var undo = line.StartsWith("undo ", StringComparison.Ordinal);
                var text = undo ? line[5..] : line;
                var kind = Kinds.Single(k => text == k || text.StartsWith($"{k} ", StringComparison.Ordinal));
                if (kind == "port trunk allow-pass vlan")
                {
                    Check("port link-type trunk", line);
                    var vlans = VlanSet.TryParse(text[kind.Length..], out var list) ? list : throw new FormatException(line);
                    _carried = undo ? _carried.Except(vlans) : _carried.Union(vlans);
                    continue;
                }

                Check(kind switch { "port default vlan" => "port link-type access", "port trunk pvid vlan" => "port link-type trunk", _ => "" }, line);
                if (kind == "port link-type" && (_lines.ContainsKey("port default vlan") || _lines.ContainsKey("port trunk pvid vlan") || !_carried.Except(VlanSet.Of(1)).IsEmpty))
                {
                    Refused.Add(line);
                }

                if (undo)
                {
                    _lines.Remove(kind);
                }
                else
                {
                    _lines[kind] = kind.StartsWith("qos", StringComparison.Ordinal) ? $"{text} cbs {long.Parse(text.Split(' ')[^1]) * 125}" : text;
                }
            }
        }

        public PortReading Read() => ParseReading.From(
            Vrp5.Template,
            new Dictionary<string, string> { ["config"] = $"#\r\ninterface {Port.IfName}\r\n{string.Concat(_lines.Values.Concat(Lists()).Select(l => $" {l}\r\n"))}#\r\nreturn\r\n" },
            Port);

        /// <summary>As VRP prints lists: ranges with "to", ten to a line.</summary>
        private IEnumerable<string> Lists() => _carried.Except(VlanSet.Of(1)).ToString()
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(r => r.Replace("-", " to ", StringComparison.Ordinal))
            .Chunk(10)
            .Select(c => $"port trunk allow-pass vlan {string.Join(' ', c)}")
            .Concat(_carried.Ids.Contains(1) ? [] : ["undo port trunk allow-pass vlan 1"]);

        private void Check(string needed, string line)
        {
            if (needed.Length > 0 && _lines.GetValueOrDefault("port link-type") != needed)
            {
                Refused.Add(line);
            }
        }
    }
}
