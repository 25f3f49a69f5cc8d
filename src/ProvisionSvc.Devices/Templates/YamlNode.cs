using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ProvisionSvc.Devices.Templates;

/// <summary>A piece of a YAML file with its place in it.</summary>
internal abstract record YamlNode(Mark At)
{
    public abstract string Kind { get; }
}

/// <summary>A text; an empty one stands for null too.</summary>
internal sealed record YamlText(Mark At, string Text) : YamlNode(At)
{
    public override string Kind => "a text";
}

internal sealed record YamlList(Mark At, IReadOnlyList<YamlNode> Items) : YamlNode(At)
{
    public override string Kind => "a list";
}

internal sealed record YamlMap(Mark At, IReadOnlyList<(YamlText Key, YamlNode Value)> Entries) : YamlNode(At)
{
    public override string Kind => "a map";
}

/// <summary>
/// Reads YAML into <see cref="YamlNode"/>s. The library's own deserializer stops at the first fault and forgets where a value stood;
/// a template's author is told everything at once, with line and column. Anchors, aliases and tags are refused: templates are plain data.
/// </summary>
internal static class YamlFile
{
    public static YamlMap? Parse(string text, FaultList faults)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                faults.Add(Start, "The file is empty.", "Write the template, beginning with its name.");
                return null;
            }

            var root = Node(parser, faults);
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out var second))
            {
                faults.Add(second.Start, "A second document begins here.", "Keep one document per file.");
            }

            if (root is not YamlMap map)
            {
                faults.Add(root, $"The file is {root.Kind}.", "Write keys and values at the top.");
                return null;
            }

            return map;
        }
        catch (Exception broken) when (broken is YamlException or InvalidOperationException)
        {
            // The one place where reading cannot go on: what follows broken YAML is a guess. YamlDotNet 18.1's scanner answers some broken flow
            // sequences with InvalidOperationException, and then does not say where.
            faults.Add(broken is YamlException { Start: var at } ? at : parser.Current?.End ?? Start, $"This is not YAML: {broken.Message}", "Mend it; further faults show after that.");
            return null;
        }
    }

    private static Mark Start => new(0, 1, 1);

    private static YamlNode Node(Parser parser, FaultList faults)
    {
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } or NodeEvent { Tag.IsEmpty: false } or AnchorAlias)
        {
            faults.Add(parser.Current.Start, "Anchors, aliases and tags are not read.", "Write the value out.");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlText(scalar.Start, scalar is { Style: ScalarStyle.Plain, Value: "~" or "null" } ? "" : scalar.Value);
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return new YamlText(alias.Start, "");
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Node(parser, faults));
            }

            return new YamlList(sequence.Start, items);
        }

        return Map(parser, faults);
    }

    private static YamlMap Map(Parser parser, FaultList faults)
    {
        var start = parser.Consume<MappingStart>();
        var entries = new List<(YamlText, YamlNode)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = Node(parser, faults);
            var value = Node(parser, faults);
            if (key is not YamlText name)
            {
                faults.Add(key, "A key is a text.", "Quote it, or take the braces away.");
            }
            else if (!seen.Add(name.Text))
            {
                faults.Add(name, $"\"{name.Text}\" stands here twice.", "Keep one of them.");
            }
            else
            {
                entries.Add((name, value));
            }
        }

        return new YamlMap(start.Start, entries);
    }
}
