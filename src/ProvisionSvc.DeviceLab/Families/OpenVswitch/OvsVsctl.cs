using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>ovs-vsctl: commands between <c>--</c> are one transaction, of which all happens or nothing.</summary>
internal static class OvsVsctl
{
    /// <summary>Stands in a list of VLANs that is to carry none: an empty list would mean all.</summary>
    private const int NoVlan = 4095;

    private sealed record Edit(int Slot, string Field, Func<PortConfig, PortConfig> Change, Func<PortConfig, string> Shown);

    private sealed class Refused(string message) : Exception(message);

    public static Ran Run(CommandContext context, string[] words)
    {
        var transaction = new Transaction(context);
        try
        {
            foreach (var command in Split(words)) transaction.Add(command);
            foreach (var edit in transaction.Edits) context.WritePort(edit.Slot, edit.Field, edit.Change, edit.Shown);
            return Ran.Ok(transaction.Output);
        }
        catch (Refused e)
        {
            return Ran.Failed(1, $"ovs-vsctl: {e.Message}");
        }
    }

    private static IEnumerable<string[]> Split(string[] words)
    {
        for (var start = 0; start <= words.Length;)
        {
            var end = Array.IndexOf(words, "--", start);
            if (end < 0) end = words.Length;
            yield return words[start..end];
            start = end + 1;
        }
    }

    private sealed class Transaction(CommandContext context)
    {
        private readonly Dictionary<string, long> _created = new(StringComparer.Ordinal);

        public List<Edit> Edits { get; } = [];

        public List<string> Output { get; } = [];

        public void Add(string[] words)
        {
            var options = words.TakeWhile(w => w.StartsWith("--", StringComparison.Ordinal)).ToList();
            var columns = Option(options, "--columns=")?.Split(',') ?? [];
            switch (words[options.Count..])
            {
                case ["list", "port", var port]:
                    Output.AddRange(columns.Select(c => $"{c,-20}: {Column(Find(port, "Port"), c)}"));
                    Output.Add("");
                    break;
                case ["list", "qos", var port]:
                    if (context.Config.Ports[Find(port, "QoS")].Outbound is { } rate) Output.Add($"{"other_config",-20}: {{max-rate=\"{rate.CirKbps * 1000L}\"}}");
                    else if (!options.Contains("--if-exists")) throw new Refused($"no row \"{port}\" in table QoS");
                    break;
                case ["get", "interface", var port, "ofport"]:
                    Output.Add($"{context.Device.Model.Interfaces[Find(port, "Interface")].BasePort}");
                    break;
                case ["set", "port", var port, .. var settings]:
                    // The mode first: it says what a tag is.
                    foreach (var setting in settings.OrderBy(s => !s.StartsWith("vlan_mode", StringComparison.Ordinal))) Set(Find(port, "Port"), setting);
                    break;
                case ["clear", "port", var port, .. var cleared]:
                    foreach (var column in cleared) Clear(Find(port, "Port"), column);
                    break;
                case ["add", "port", var port, "trunks", .. var vlans]:
                    Trunks(Find(port, "Port"), (now, some) => now.Union(some), vlans);
                    break;
                case ["remove", "port", var port, "trunks", .. var vlans]:
                    Trunks(Find(port, "Port"), (now, some) => now.Except(some), vlans);
                    break;
                case ["remove", "port", var port, "external_ids", "circuit-id"]:
                    Edits.Add(new(Find(port, "Port"), "description", p => p with { Description = "" }, p => p.Description));
                    break;
                case ["destroy", "qos", var port]:
                    if (context.Config.Ports[Find(port, "QoS")].Outbound is not null) Edits.Add(Rate(Find(port, "QoS"), null));
                    else if (!options.Contains("--if-exists")) throw new Refused($"no row \"{port}\" in table QoS");
                    break;
                case ["create", "qos", "type=linux-htb", var config] when config.StartsWith("other_config:max-rate=", StringComparison.Ordinal):
                    _created[Option(options, "--id=") ?? ""] = long.Parse(config["other_config:max-rate=".Length..], CultureInfo.InvariantCulture);
                    Output.Add("7e5ec135-415d-4ebe-93e1-bd27f74e7345");
                    break;
                case var unknown:
                    throw new Refused($"unknown command '{unknown.FirstOrDefault()}'; use --help for help");
            }
        }

        private static string? Option(List<string> options, string name) => options.Find(o => o.StartsWith(name, StringComparison.Ordinal))?[name.Length..];

        private int Find(string port, string table) => context.Device.Model.IndexOf(port) is >= 0 and var slot && context.Device.Model.Interfaces[slot].BasePort > 0
            ? slot : throw new Refused($"no row \"{port}\" in table {table}");

        private static Edit Rate(int slot, RateLimit? rate) => new(slot, "outbound", p => p with { Outbound = rate }, p => p.Outbound?.ToString() ?? "");

        private void Set(int slot, string setting)
        {
            var (key, value) = setting.Split('=', 2) is [var k, var v] ? (k, v) : (setting, "");
            switch (key)
            {
                case "vlan_mode" when value is "access" or "trunk" or "native-untagged":
                    Edits.Add(new(
                        slot, "linkType", p => p with { LinkType = value == "access" ? LinkType.Access : LinkType.Trunk, NativeVlan = value == "native-untagged" ? p.DefaultVlan : null },
                        p => Column(p, "vlan_mode")));
                    break;
                case "tag":
                    var tag = Vlan(value);
                    Edits.Add(new(slot, "defaultVlan", p => p with { DefaultVlan = tag, NativeVlan = p.NativeVlan is null ? null : tag }, p => Column(p, "tag")));
                    break;
                case "trunks":
                    Trunks(slot, (_, some) => some, [value]);
                    break;
                case "qos" when _created.TryGetValue(value, out var bits):
                    Edits.Add(Rate(slot, new((int)(bits / 1000), 0)));
                    break;
                case "external_ids:circuit-id":
                    Edits.Add(new(slot, "description", p => p with { Description = value.Trim('"') }, p => p.Description));
                    break;
                default:
                    throw new Refused($"{setting}: argument does not end in \"=\" followed by a value.");
            }
        }

        private void Clear(int slot, string column) => Edits.Add(column switch
        {
            "tag" => new(slot, "defaultVlan", p => p with { DefaultVlan = 1 }, p => Column(p, "tag")),
            "trunks" => new(slot, "allowed", p => p with { Allowed = null }, p => Column(p, "trunks")),
            "vlan_mode" => new(slot, "linkType", p => p with { LinkType = LinkType.Default, NativeVlan = null }, p => Column(p, "vlan_mode")),
            "qos" => Rate(slot, null),
            _ => throw new Refused($"Port does not contain a column whose name matches \"{column}\""),
        });

        private void Trunks(int slot, Func<IEnumerable<int>, IEnumerable<int>, IEnumerable<int>> change, string[] lists)
        {
            var some = lists.SelectMany(l => l.Split(',')).Select(Vlan).ToList();
            Edits.Add(new(slot, "allowed", p => p with { Allowed = string.Join(',', change(Carried(p), some).Distinct().Order()) is { Length: > 0 } list ? list : null }, p => Column(p, "trunks")));
        }

        private static IEnumerable<int> Carried(PortConfig port) => port.Allowed?.Split(',').Select(v => int.Parse(v, CultureInfo.InvariantCulture)) ?? [];

        private static int Vlan(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan) && vlan <= NoVlan
            ? vlan : throw new Refused($"constraint violation: {text} is not in the valid range 0 to {NoVlan} (inclusive)");

        private string Column(int slot, string column)
        {
            // The uplink carries what the switch has.
            var uplink = context.Device.Model.Interfaces[slot].Role == PortRole.Uplink;
            return Column(uplink ? context.Config.Ports[slot] with { LinkType = LinkType.Trunk, Allowed = string.Join(',', context.Config.Vlans) } : context.Config.Ports[slot], column);
        }

        private static string Column(PortConfig port, string column) => column switch
        {
            "tag" => port.DefaultVlan == 1 ? "[]" : $"{port.DefaultVlan}",
            "vlan_mode" => port.LinkType switch { LinkType.Access => "access", LinkType.Trunk => port.NativeVlan is null ? "trunk" : "native-untagged", _ => "[]" },
            "trunks" => $"[{string.Join(", ", Carried(port))}]",
            "external_ids" => port.Description.Length == 0 ? "{}" : $"{{circuit-id={port.Description}}}",
            _ => throw new Refused($"Port does not contain a column whose name matches \"{column}\""),
        };
    }
}
