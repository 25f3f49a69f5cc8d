using System.Globalization;
using System.Text.RegularExpressions;
using ProvisionSvc.Core.Plans;

namespace ProvisionSvc.Devices.Templates;

/// <summary>One map of a template: hands out its values as what they should be, and notes everything that they are not.</summary>
internal sealed class MapReader
{
    private static readonly Regex Never = new("(?!)");
    private readonly YamlMap _map;
    private readonly string _where;
    private readonly IReadOnlyList<string> _keys;
    private readonly FaultList _faults;

    /// <param name="where">What the map is, for messages: <c>terminal</c>, <c>fields.alias</c>.</param>
    /// <param name="keys">The keys it may have; any other is a fault.</param>
    public MapReader(YamlMap map, string where, IReadOnlyList<string> keys, FaultList faults)
    {
        (_map, _where, _keys, _faults) = (map, where, keys, faults);
        foreach (var (key, _) in map.Entries.Where(e => !keys.Contains(e.Key.Text)))
        {
            faults.Add(key, $"\"{Printable.Of(key.Text)}\" is not a key of {(where.Length == 0 ? "a template" : where)}.", $"Its keys are {string.Join(", ", keys)}.");
        }
    }

    public bool Has(string key) => Find(key) is not null;

    public YamlNode? Find(string key) => _keys.Contains(key)
        ? _map.Entries.Where(e => e.Key.Text == key).Select(e => e.Value).FirstOrDefault()
        : throw new ArgumentOutOfRangeException(nameof(key), key, $"Not declared as a key of {_where}.");

    /// <summary>Where to point at for this key: its value, or the map that lacks it.</summary>
    public YamlNode At(string key) => Find(key) ?? _map;

    public YamlText? Text(string key) => Find(key) switch
    {
        null => null,
        YamlText { Text.Length: 0 } empty => Fault<YamlText>(empty, $"{Name(key)} is empty.", "Give it a value or leave the key out."),
        YamlText text => text,
        var other => Fault<YamlText>(other, $"{Name(key)} is {other.Kind}.", "Write a text."),
    };

    /// <summary>The text of a key that must be there; empty after a fault.</summary>
    public YamlText Required(string key, string what)
    {
        if (!Has(key))
        {
            _faults.Add(_map, $"{Name(key)} is missing.", $"Add it: {what}.");
        }

        return Text(key) ?? new(At(key).At, "");
    }

    public MapReader? Map(string key, IReadOnlyList<string> keys) => Find(key) switch
    {
        null => null,
        YamlMap map => new(map, Name(key), keys, _faults),
        var other => Fault<MapReader>(other, $"{Name(key)} is {other.Kind}.", $"Write a map with {string.Join(", ", keys)}."),
    };

    /// <summary>The entries of a map whose keys are the author's own names.</summary>
    public IEnumerable<(YamlText Key, YamlNode Value)> Entries(string key) => Find(key) switch
    {
        null => [],
        YamlMap map => map.Entries,
        var other => Fault<List<(YamlText, YamlNode)>>(other, $"{Name(key)} is {other.Kind}.", "Write a map of names and values.") ?? [],
    };

    /// <summary>A list, where a single item may stand for a list of one.</summary>
    public IReadOnlyList<YamlNode> Items(string key) => Find(key) switch
    {
        null => [],
        YamlList list => list.Items,
        var single => [single],
    };

    public IReadOnlyList<YamlText> Texts(string key)
    {
        foreach (var item in Items(key).Where(i => i is not YamlText { Text.Length: > 0 }))
        {
            _faults.Add(item, $"{Name(key)} lists texts; this is {(item is YamlText ? "empty" : item.Kind)}.", "Write a text, quoted where it holds ':' or '#'.");
        }

        return [.. Items(key).OfType<YamlText>().Where(t => t.Text.Length > 0)];
    }

    public bool Flag(string key, bool otherwise) => Word(key, ["true", "false"]) is { } text ? text == "true" : otherwise;

    public string? Word(string key, IReadOnlyList<string> words) => Text(key) switch
    {
        null => null,
        var text when words.Contains(text.Text) => text.Text,
        var text => Fault<string>(text, $"{Name(key)} is \"{Printable.Of(text.Text)}\".", $"It is one of {string.Join(", ", words)}."),
    };

    public long Number(string key, long otherwise, long least, long most)
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (long.TryParse(text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _faults.Add(text, $"{Name(key)} is \"{Printable.Of(text.Text)}\".", $"It is a whole number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>A time written with its unit: <c>15ms</c>, <c>100s</c>, <c>2m</c>.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise) => Text(key) switch
    {
        null => otherwise,
        var text when Durations.TryParse(text.Text) is { } time => time,
        var text => Fault(text, $"{Name(key)} is \"{Printable.Of(text.Text)}\".", "Write a number and its unit, up to 1 hour: 15ms, 100s, 2m.", otherwise),
    };

    public Regex? Pattern(string key) => Text(key) is { } text ? Compile(text, Name(key)) : null;

    public Regex RequiredPattern(string key, string what) => Required(key, what) is { Text.Length: > 0 } text ? Compile(text, Name(key)) : Never;

    public Regex Compile(YamlText text, string name)
    {
        try
        {
            return Patterns.Compile(text.Text);
        }
        catch (ArgumentException wrong)
        {
            _faults.Add(text, $"{name} is not a regular expression: {wrong.Message}", "Mend it; in YAML single quotes keep backslashes as they are.");
            return Never;
        }
    }

    public string Name(string key) => _where.Length == 0 ? key : $"{_where}.{key}";

    private T? Fault<T>(YamlNode at, string message, string remedy)
        where T : class
    {
        _faults.Add(at, message, remedy);
        return null;
    }

    private T Fault<T>(YamlNode at, string message, string remedy, T instead)
        where T : struct
    {
        _faults.Add(at, message, remedy);
        return instead;
    }
}
