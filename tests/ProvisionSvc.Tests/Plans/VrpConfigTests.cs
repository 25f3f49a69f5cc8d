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
        });

    /// <summary>One port's configuration as VRP keeps it: a line replaces the one that says the same thing, <c>undo</c> takes it away.</summary>
    private sealed class Config
    {
        private static readonly string[] Kinds = ["shutdown", "description", "port link-type", "port default vlan", "qos lr outbound", "qos lr inbound"];
        private readonly SortedDictionary<string, string> _lines = [];

        public void Type(DevicePlan plan)
        {
            foreach (var line in plan.Steps.SelectMany(s => s.Lines).Where(l => l.Scope == LineScope.Port).Select(l => l.Text))
            {
                var undo = line.StartsWith("undo ", StringComparison.Ordinal);
                var text = undo ? line[5..] : line;
                var kind = Kinds.Single(k => text == k || text.StartsWith($"{k} ", StringComparison.Ordinal));
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
            new Dictionary<string, string> { ["config"] = $"#\r\ninterface {Port.IfName}\r\n{string.Concat(_lines.Values.Select(l => $" {l}\r\n"))}#\r\nreturn\r\n" },
            Port);
    }
}
