using System.Text.RegularExpressions;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Tests.Plans;

/// <summary>
/// A port of any family that understands lines and nothing else: which field a line is about, and what it makes of it, is found from the template's texts,
/// not from what the plan says of itself. A new mode begins bare, as every family's lines promise.
/// </summary>
internal sealed class LineModel
{
    private readonly DeviceTemplate _template;
    private readonly List<Meaning> _meanings = [];
    private readonly Dictionary<IntentField, string?> _values;

    public LineModel(DeviceTemplate template, PortName port, PortReading start)
    {
        _template = template;
        _values = start.Values.ToDictionary();
        foreach (var (field, how) in template.Fields)
        {
            // Before set: what takes a text away may look like setting an empty one.
            Learn(field, Kind.Unset, null, how.Unset, port);
            Learn(field, Kind.Set, null, how.Set, port);
            Learn(field, Kind.Add, null, how.Add, port);
            Learn(field, Kind.Remove, null, how.Remove, port);
            foreach (var (word, lines) in how.Cases)
            {
                Learn(field, Kind.Set, word, lines, port);
            }
        }
    }

    private enum Kind
    {
        Set,
        Unset,
        Add,
        Remove,
    }

    private sealed record Meaning(IntentField Field, Kind Kind, string? Word, IReadOnlyList<Regex> Lines);

    public PortReading Reading => new(_values);

    /// <summary>What the port was after each step.</summary>
    public List<IReadOnlyDictionary<IntentField, string?>> History { get; } = [];

    public void Type(DevicePlan plan)
    {
        foreach (var step in plan.Steps)
        {
            if (step.Snmp is { } set)
            {
                Set(set);
            }

            Type([.. step.Lines.Select(l => l.Text)]);
            History.Add(_values.ToDictionary());
        }
    }

    /// <summary>The lines of a step are one meaning after the other, whole; of a list they stand sorted by level, so there only the last line of each counts.</summary>
    private void Type(IReadOnlyList<string> lines)
    {
        for (var at = 0; at < lines.Count;)
        {
            var meaning = _meanings.Where(m => m.Kind is Kind.Set or Kind.Unset).FirstOrDefault(m => Fits(m, lines, at));
            if (meaning is not null)
            {
                Apply(meaning, Value(meaning, lines.Skip(at).Take(meaning.Lines.Count)));
                at += meaning.Lines.Count;
                continue;
            }

            foreach (var list in _meanings.Where(m => m.Kind is Kind.Add or Kind.Remove && m.Lines[^1].IsMatch(lines[at])))
            {
                Apply(list, Value(list, [lines[at]]));
            }

            Assert.Contains(_meanings, m => m.Lines.Any(l => l.IsMatch(lines[at])));
            at++;
        }
    }

    private static bool Fits(Meaning meaning, IReadOnlyList<string> lines, int at) =>
        at + meaning.Lines.Count <= lines.Count && meaning.Lines.Select((l, i) => l.IsMatch(lines[at + i])).All(m => m);

    private static string? Value(Meaning meaning, IEnumerable<string> lines) => meaning.Lines.TakeLast(lines.Count()).Zip(lines, (l, t) => l.Match(t).Groups["value"])
        .Where(g => g.Success).Select(g => g.Value).FirstOrDefault();

    private void Apply(Meaning meaning, string? value)
    {
        var was = _values.GetValueOrDefault(IntentField.Mode);
        var scale = _template.Fields[meaning.Field].Scale;
        switch (meaning)
        {
            case { Kind: Kind.Add or Kind.Remove }:
                var now = VlanSet.TryParse(_values.GetValueOrDefault(meaning.Field), out var vlans) ? vlans : VlanSet.None;
                var one = VlanSet.Of(int.Parse(value!));
                now = meaning.Kind == Kind.Add ? now.Union(one) : now.Except(one);
                _values[meaning.Field] = now.IsEmpty ? null : now.ToString();
                break;
            case { Kind: Kind.Unset }:
                _values[meaning.Field] = null;
                break;
            default:
                _values[meaning.Field] = meaning.Word ?? (meaning.Field is IntentField.RateDown or IntentField.RateUp ? (long.Parse(value!) / scale).ToString() : value);
                break;
        }

        if (meaning.Field == IntentField.Mode)
        {
            IntentField[] bare = was == PortIntent.TrunkMode || _values[IntentField.Mode] == PortIntent.TrunkMode
                ? [IntentField.AccessVlan, IntentField.AllowedVlans, IntentField.NativeVlan]
                : [IntentField.AllowedVlans, IntentField.NativeVlan];
            foreach (var field in bare.Where(_template.Fields.ContainsKey))
            {
                _values[field] = null;
            }
        }
    }

    private void Set(PlanSet set)
    {
        var (field, value) = set.Column switch
        {
            PlanSet.IfAdminStatus => (IntentField.AdminStatus, set.Value == "1" ? "up" : "down"),
            PlanSet.Dot1qPvid => (IntentField.AccessVlan, set.Value == _template.Fields[IntentField.AccessVlan].SnmpNone ? null : set.Value),
            _ => (IntentField.Alias, set.Value.Length == 0 ? null : set.Value),
        };
        _values[field] = value;
    }

    private void Learn(IntentField field, Kind kind, string? word, IReadOnlyList<TemplateLine> lines, PortName port)
    {
        if (lines.Count > 0)
        {
            _meanings.Add(new(field, kind, word, [.. lines.Select(l => Pattern(_template.Typed(l.Text, port)))]));
        }
    }

    private static Regex Pattern(string line)
    {
        var parts = line.Split("{value}");
        return new($"^{string.Join("", parts.Select((p, i) => Regex.Escape(p) + (i == parts.Length - 1 ? "" : i == 0 ? "(?<value>[^ ,]+)" : @"\k<value>")))}$");
    }
}
