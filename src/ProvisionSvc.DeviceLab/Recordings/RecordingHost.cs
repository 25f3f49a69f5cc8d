using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.DeviceLab.City;

namespace ProvisionSvc.DeviceLab.Recordings;

/// <summary>Which recordings are served, and where.</summary>
public sealed record RecordingOptions
{
    /// <summary>Every *.snmprec in it becomes an agent, in the order of their names.</summary>
    public required string Directory { get; init; }

    /// <summary>The first agent stands at the next address; 250 to a /24. Within 127.0.0.0/8.</summary>
    public IPAddress Base { get; init; } = new([127, 2, 0, 0]);

    /// <summary>One UDP port at every address; 0: one that is free at all of them.</summary>
    [Range(0, 65535)]
    public int SnmpPort { get; init; }

    public string Community { get; init; } = "public";

    /// <summary>The longest answer in octets; more where a recorded variable needs more.</summary>
    [Range(484, AgentSocket.LargestDatagram)]
    public int MaxMessage { get; init; } = 1472;

    /// <summary>Refuses what cannot be, naming every fault.</summary>
    internal void Validate()
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), faults, validateAllProperties: true);
        if (Base.GetAddressBytes() is not [127, _, _, 0]) faults.Add(new ValidationResult($"Base is {Base}; it must be 127.x.y.0."));
        if (Community.Length == 0) faults.Add(new ValidationResult("The community is empty."));
        if (!System.IO.Directory.Exists(Directory)) faults.Add(new ValidationResult($"There is no folder {Directory}."));
        if (faults.Count > 0) throw new LabException(string.Join(' ', faults.Select(f => f.ErrorMessage)));
    }
}

/// <summary>A recording and the agent that serves it.</summary>
public sealed record RecordedAgent(Recording Recording, IPEndPoint EndPoint);

/// <summary>Recordings of real switches as agents in this process, read-only. Several hosts may run at once, on free ports of the same addresses.</summary>
public sealed class RecordingHost : IAsyncDisposable
{
    private readonly IReadOnlyList<AgentSocket> _sockets;

    private RecordingHost(RecordingOptions options, IReadOnlyList<RecordedAgent> agents, IReadOnlyList<AgentSocket> sockets, int port) =>
        (Community, Agents, _sockets, SnmpPort) = (options.Community, agents, sockets, port);

    public string Community { get; }

    public int SnmpPort { get; }

    public IReadOnlyList<RecordedAgent> Agents { get; }

    public static async Task<RecordingHost> StartAsync(RecordingOptions options, CancellationToken ct)
    {
        options.Validate();
        if (OperatingSystem.IsWindows()) throw new LabException("DeviceLab needs Linux: all of 127.0.0.0/8.");
        var files = System.IO.Directory.GetFiles(options.Directory, "*" + SnmprecFile.Extension).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new LabException($"No *{SnmprecFile.Extension} in {options.Directory}.");

        var recordings = new List<Recording>(files.Count);
        foreach (var file in files) recordings.Add(await SnmprecFile.ReadAsync(file, ct));

        var community = Encoding.UTF8.GetBytes(options.Community);
        var addresses = recordings.Select((_, i) => CityBuilder.AddressOf(options.Base, i)).ToList();
        var responders = recordings.Select(r => new RecordingResponder(r, community, options.MaxMessage));
        var (port, sockets) = AgentSocket.OpenAll([.. addresses.Zip(responders, (a, r) => (a, (IResponder)r))], options.SnmpPort);
        return new(options, [.. recordings.Zip(addresses, (r, a) => new RecordedAgent(r, new(a, port)))], sockets, port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets) await socket.DisposeAsync();
    }
}
