using System.CommandLine;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProvisionSvc.DeviceLab.Families;

namespace ProvisionSvc.DeviceLab;

/// <summary><c>devicelab run</c>: starts a lab, says in one JSON line where everything is, and runs until SIGTERM or the end of its input.</summary>
internal static class RunCommand
{
    internal static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var switches = new Option<int>("--switches") { DefaultValueFactory = _ => 40, Description = "How many switches" };
        var nodes = new Option<int>("--nodes") { DefaultValueFactory = _ => 3, Description = "How many nodes feed them" };
        var buildings = new Option<int>("--buildings") { DefaultValueFactory = _ => 20, Description = "How many buildings they stand in" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1, Description = "The same seed draws the same city" };
        var state = new Option<string>("--state") { Required = true, Description = "Folder for keys, log, saved configurations and control socket" };
        var baseAddress = new Option<string>("--base") { DefaultValueFactory = _ => "127.1.0.0", Description = "The switches' addresses begin behind this one" };
        var snmpPort = new Option<int>("--snmp-port") { Description = "UDP port at every address (0: a free one)" };
        var sshPort = new Option<int>("--ssh-port") { Description = "TCP port at every address (0: a free one)" };
        var noSsh = new Option<bool>("--no-ssh") { Description = "Only SNMP: needs neither sshd nor socat" };
        var legacySsh = new Option<bool>("--legacy-ssh") { Description = "Speak only the SSH algorithms of old switches: group1-sha1, ssh-rsa, CBC, hmac-sha1" };
        var inventory = new Option<string?>("--write-inventory") { Description = "Folder to write the inventory's CSV files to" };
        var families = new Option<string>("--families")
        {
            DefaultValueFactory = _ => "huawei-vrp5",
            Description = $"Families of switches, with commas, dealt over the city in turn (all: every one): {string.Join(", ", KnownFamilies.All.Select(f => f.Name))}",
        };
        var fresh = new Option<bool>("--fresh") { Description = "Forget configurations saved in an earlier run" };
        var command = new Command("run", "Start a lab and keep it running until SIGTERM or the end of standard input.")
        {
            switches, nodes, buildings, seed, state, baseAddress, snmpPort, sshPort, noSsh, legacySsh, inventory, families, fresh,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (!IPAddress.TryParse(parsed.GetValue(baseAddress), out var address))
            {
                return await ComplainAsync($"--base {parsed.GetValue(baseAddress)} is not an address.");
            }

            var options = new LabOptions
            {
                StateDirectory = Path.GetFullPath(parsed.GetRequiredValue(state)),
                Switches = parsed.GetValue(switches),
                Nodes = parsed.GetValue(nodes),
                Buildings = parsed.GetValue(buildings),
                Seed = parsed.GetValue(seed),
                Base = address,
                SnmpPort = parsed.GetValue(snmpPort),
                SshPort = parsed.GetValue(sshPort),
                Ssh = !parsed.GetValue(noSsh),
                LegacySsh = parsed.GetValue(legacySsh),
                InventoryDirectory = parsed.GetValue(inventory) is { } folder ? Path.GetFullPath(folder) : null,
                Families = parsed.GetRequiredValue(families) is "all" ? [.. KnownFamilies.All.Select(f => f.Name)] : parsed.GetRequiredValue(families).Split(','),
                Fresh = parsed.GetValue(fresh),
            };
            try
            {
                await RunAsync(options, ct);
                return 0;
            }
            catch (LabException e)
            {
                return await ComplainAsync(e.Message);
            }
        });
        return command;
    }

    private static async Task RunAsync(LabOptions options, CancellationToken ct)
    {
        using var stop = new StopSignals();
        await using var lab = await LabHost.StartAsync(options, ct);
        Console.WriteLine(JsonSerializer.Serialize(Ready(lab), Format));
        await stop.WaitAsync(ct);
    }

    private static object Ready(LabHost lab) => new
    {
        ready = true,
        lab.SnmpPort,
        lab.SshPort,
        switches = lab.Switches.Count,
        lab.HostKeySha256,
        lab.User,
        lab.PrivateKeyFile,
        lab.ReadCommunity,
        lab.WriteCommunity,
        lab.EnableSecret,
        snmpV3 = new
        {
            reader = lab.Users[0].User.Name, writer = lab.Users[1].User.Name, authProtocol = "sha256", privProtocol = "aes128", password = lab.V3Password,
        },
        inventory = lab.InventoryDirectory,
        writeLog = lab.WriteLog.Path,
        control = lab.ControlSocket,
    };

    internal static async Task<int> ComplainAsync(string message)
    {
        await Console.Error.WriteLineAsync($"devicelab: {message}");
        return 1;
    }
}
