using System.CommandLine;
using System.Net;
using System.Text.Json;

namespace ProvisionSvc.DeviceLab.Recordings;

/// <summary><c>devicelab serve</c>: serves recordings, says in one JSON line where each is, and runs until SIGTERM or the end of its input.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var recordings = new Option<string>("--recordings") { Required = true, Description = "Folder of *.snmprec; each becomes an agent at an address of its own" };
        var baseAddress = new Option<string>("--base") { DefaultValueFactory = _ => "127.2.0.0", Description = "The agents' addresses begin behind this one" };
        var snmpPort = new Option<int>("--snmp-port") { Description = "UDP port at every address (0: a free one)" };
        var community = new Option<string>("--community") { DefaultValueFactory = _ => "public", Description = "Who may read" };
        var maxMessage = new Option<int>("--max-message") { DefaultValueFactory = _ => 1472, Description = "Longest answer in octets; more where one recorded variable needs more" };
        var command = new Command("serve", "Serve recordings of real switches (snmpsim's format) by SNMP v1 and v2c, read-only.")
        {
            recordings, baseAddress, snmpPort, community, maxMessage,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(baseAddress), out var address))
            {
                return await RunCommand.ComplainAsync($"--base {parsed.GetValue(baseAddress)} is not an address.");
            }

            var options = new RecordingOptions
            {
                Directory = Path.GetFullPath(parsed.GetRequiredValue(recordings)),
                Base = address,
                SnmpPort = parsed.GetValue(snmpPort),
                Community = parsed.GetRequiredValue(community),
                MaxMessage = parsed.GetValue(maxMessage),
            };
            try
            {
                await RunAsync(options, ct);
                return 0;
            }
            catch (LabException e)
            {
                return await RunCommand.ComplainAsync(e.Message);
            }
        });
        return command;
    }

    private static async Task RunAsync(RecordingOptions options, CancellationToken ct)
    {
        using var stop = new StopSignals();
        await using var host = await RecordingHost.StartAsync(options, ct);
        foreach (var (recording, line) in host.Agents.SelectMany(a => a.Recording.Skipped.Select(s => (a.Recording.Name, s))))
        {
            await Console.Error.WriteLineAsync($"devicelab: {recording}{SnmprecFile.Extension}:{line.Line}: not served: {line.Why}");
        }

        Console.WriteLine(JsonSerializer.Serialize(Ready(host), RunCommand.Format));
        await stop.WaitAsync(ct);
    }

    private static object Ready(RecordingHost host) => new
    {
        ready = true,
        host.SnmpPort,
        host.Community,
        agents = host.Agents.Select(a => new
        {
            a.Recording.Name,
            address = a.EndPoint.Address.ToString(),
            variables = a.Recording.Variables.Count,
            skipped = a.Recording.Skipped.Count,
        }),
    };
}
