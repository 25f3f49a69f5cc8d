using System.Globalization;
using System.Text.RegularExpressions;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Faults;

/// <summary>The words of <c>devicelab tell</c> and <c>devicelab state</c>: the same orders as <see cref="LabControl"/>, typed.</summary>
internal static class ControlWords
{
    public const string Usage = """
        SWITCH (or * for all), then one of:
          unreachable                                  no SNMP answer, SSH refused, sessions cut
          freeze                                       connections stay open, nothing passes, no SNMP answer
          drop-before|drop-mid|drop-after REGEX [NTH [TIMES]]   cut the session around a matching line (TIMES 0: until cleared; default 1)
          reject REGEX [TEXT]                          refuse matching lines with TEXT, or in the family's words
          ignore REGEX                                 accept matching lines without effect
          hang REGEX                                   carry matching lines out and never answer
          flood REGEX [TEXT]                           carry matching lines out and print TEXT without end
          wrong-prompt REGEX TEXT                      carry matching lines out and show TEXT as the prompt
          late-prompt REGEX MS                         carry matching lines out; the prompt comes MS after the answer
          save-fails [TEXT]                            the save ends with an error
          slow MS                                      every line takes this long
          drip MS                                      every byte takes this long
          ask                                          ask the family's question at each login
          log TEXT | log! TEXT                         print a log line in open sessions (log!: even where switched off)
          log-on REGEX TEXT                            print a log line into the answer of matching lines
          reboot [renumber] [MS]                       startup configuration, new ifIndexes, unreachable for MS
          host-key                                     show another host key
          snmp-lag MS | snmp-loss PERCENT | vty-limit N
          port IFNAME admin up|down                    somebody else changes the port
          port IFNAME vlan N | description TEXT
          port IFNAME equipment present|absent
          neighbour IFNAME switch|phone|router|nobody [MACS]   who is behind a port, as LLDP and the MAC table show it
          clear                                        no faults any more (what happened stays)
        """;

    private const string SaveError = "Failed to save the configuration.";

    /// <summary>Carries the words out and gives what to answer: null for done.</summary>
    public static async Task<object?> RunAsync(LabControl control, string[] words, CancellationToken ct)
    {
        switch (words)
        {
            case ["state", var name]:
                return control.State(name);
            case ["state", var name, var ifName]:
                return control.State(name, ifName);
            case ["tell", var name, "clear"]:
                control.Clear(name);
                return null;
            case ["tell", var name, "reboot", .. var how]:
                await control.RebootAsync(name, how.Contains("renumber"), Milliseconds(how.LastOrDefault(w => w != "renumber") ?? "0"), ct);
                return null;
            case ["tell", var name, ("log" or "log!") and var kind, var text]:
                await control.LogAsync(name, text, kind == "log!", ct);
                return null;
            case ["tell", var name, "port", var ifName, .. var change]:
                ChangePort(control, name, ifName, change);
                return null;
            case ["tell", var name, .. var fault]:
                control.Tell(name, Parse(fault));
                return null;
            default:
                throw new LabException($"Not understood: {string.Join(' ', words)}. {Usage}");
        }
    }

    public static Fault Parse(string[] words) => words switch
    {
        ["unreachable"] => new Fault.Unreachable(),
        ["freeze"] => new Fault.Freeze(),
        ["drop-before", var pattern, .. var count] => Counted(new Fault.Drop(DropMoment.Before, Pattern(pattern)), count),
        ["drop-mid", var pattern, .. var count] => Counted(new Fault.Drop(DropMoment.Mid, Pattern(pattern)), count),
        ["drop-after", var pattern, .. var count] => Counted(new Fault.Drop(DropMoment.After, Pattern(pattern)), count),
        ["reject", var pattern] => new Fault.Reject(Pattern(pattern), null),
        ["reject", var pattern, var text] => new Fault.Reject(Pattern(pattern), text),
        ["ignore", var pattern] => new Fault.Ignore(Pattern(pattern)),
        ["hang", var pattern] => new Fault.Hang(Pattern(pattern)),
        ["flood", var pattern] => new Fault.Flood(Pattern(pattern), new string('x', 78)),
        ["flood", var pattern, var text] => new Fault.Flood(Pattern(pattern), text),
        ["wrong-prompt", var pattern, var text] => new Fault.WrongPrompt(Pattern(pattern), text),
        ["late-prompt", var pattern, var ms] => new Fault.LatePrompt(Pattern(pattern), Milliseconds(ms)),
        ["save-fails"] => new Fault.SaveFails(SaveError),
        ["save-fails", var text] => new Fault.SaveFails(text),
        ["slow", var ms] => new Fault.Slow(Milliseconds(ms)),
        ["drip", var ms] => new Fault.Drip(Milliseconds(ms)),
        ["ask"] => new Fault.AskAtLogin(),
        ["log-on", var pattern, var text] => new Fault.LogLine(Pattern(pattern), text),
        ["host-key"] => new Fault.OtherHostKey(),
        ["snmp-lag", var ms] => new Fault.SnmpLag(Milliseconds(ms)),
        ["snmp-loss", var percent] => new Fault.SnmpLoss(Number(percent)),
        ["neighbour", var ifName, var kind, .. var macs] => Neighbour(ifName, kind, macs.Length > 0 ? Number(macs[0]) : 1),
        ["vty-limit", var lines] => new Fault.VtyLimit(Number(lines)),
        _ => throw new LabException($"Not a fault: {string.Join(' ', words)}. {Usage}"),
    };

    private static void ChangePort(LabControl control, string name, string ifName, string[] change)
    {
        switch (change)
        {
            case ["admin", ("up" or "down") and var status]:
                control.EditPort(name, ifName, p => p with { Shutdown = status == "down" });
                break;
            case ["vlan", var vlan]:
                control.EditPort(name, ifName, p => p with { DefaultVlan = Number(vlan), LinkType = LinkType.Access });
                break;
            case ["description", var text]:
                control.EditPort(name, ifName, p => p with { Description = text });
                break;
            case ["equipment", ("present" or "absent") and var presence]:
                control.SetEquipment(name, ifName, presence == "present");
                break;
            default:
                throw new LabException($"Not a change of a port: {string.Join(' ', change)}. {Usage}");
        }
    }

    private static Fault.Drop Counted(Fault.Drop drop, string[] count) => drop with
    {
        Nth = count.Length > 0 ? Number(count[0]) : 1,
        Times = count.Length > 1 ? Number(count[1]) : 1,
    };

    private static Fault.Neighbour Neighbour(string ifName, string kind, int macs) => kind switch
    {
        "switch" => new(ifName, "another-switch", 0x20, macs),
        "phone" => new(ifName, "a-phone", 0x24, macs),
        "router" => new(ifName, "a-router", 0x08, macs),
        "nobody" => new(ifName, "", 0, macs),
        _ => throw new LabException($"{kind} is none of switch, phone, router, nobody."),
    };

    private static TimeSpan Milliseconds(string text) => TimeSpan.FromMilliseconds(Number(text));

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : throw new LabException($"{text} is not a number.");

    private static Regex Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new LabException($"{text} is not a regular expression: {e.Message}", e);
        }
    }
}
