using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>A terminal session that knows its family: it moves between configuration levels, reads ports and saves.</summary>
/// <param name="beforeLine">Called before every line that is typed; throws where nothing may be sent any more (a lease that ended).</param>
public sealed class SwitchSession(ITerminalSession terminal, LoadedTemplate template, Action beforeLine) : IAsyncDisposable
{
    private LineScope _level = LineScope.Exec;
    private string? _configuredPort;

    /// <summary>Our TCP port, for the journal.</summary>
    public int LocalPort => terminal.LocalPort;

    public string Transcript => terminal.Transcript;

    /// <summary>How much has been said, to ask with for what is said from now on.</summary>
    public long TranscriptLength => terminal.TranscriptLength;

    /// <summary>The conversation since <see cref="TranscriptLength"/> was this, without secrets.</summary>
    public string TranscriptFrom(long place) => terminal.TranscriptFrom(place);

    /// <summary>Who is behind the switch's ports, once somebody has asked; by ifName.</summary>
    internal IReadOnlyDictionary<string, PortNeighbours>? Neighbours { get; set; }

    /// <summary>Given back when the session has ended.</summary>
    internal IDisposable? Line { get; init; }

    /// <summary>The hostname in the prompt, learnt at login.</summary>
    public string Host => terminal.Host;

    /// <summary>
    /// Goes to where lines of this scope are typed. Null when there, else what stopped it: nothing of the line itself was sent then, so even Unknown means
    /// that only the way was lost.
    /// </summary>
    public async Task<LineResult?> MoveToAsync(LineScope scope, PortName port, CancellationToken ct)
    {
        if (_level == LineScope.Port && (scope != LineScope.Port || _configuredPort != port.IfName)
            && await TypeAllAsync(template.Template.Port.Leave, port, LineScope.Configure, ct) is { } notLeft)
        {
            return notLeft;
        }

        if (_level == LineScope.Configure && scope == LineScope.Exec && await TypeAllAsync(template.Template.Configure.Leave, port, LineScope.Exec, ct) is { } notOut)
        {
            return notOut;
        }

        if (_level == LineScope.Exec && scope != LineScope.Exec && await TypeAllAsync(template.Template.Configure.Enter, port, LineScope.Configure, ct) is { } notIn)
        {
            return notIn;
        }

        if (_level == LineScope.Configure && scope == LineScope.Port)
        {
            _configuredPort = port.IfName;
            return await TypeAllAsync(template.Template.Port.Enter, port, LineScope.Port, ct) ?? AtAnotherPort(port);
        }

        return null;
    }

    /// <summary>The way was taken without a word of error, and yet the prompt names another place (F12): nothing is typed there.</summary>
    private LineResult.Unknown? AtAnotherPort(PortName port) =>
        template.Template.Port.Enter.Count == 0 || terminal.Prompt is not { } prompt || template.Template.IsPromptOf(port, prompt)
            ? null
            : new("", $"the configuration of {port} was entered, but the prompt is \"{Printable.Of(prompt)}\"");

    /// <summary>Types one line of a plan, once, at the level the session stands on.</summary>
    public Task<LineResult> TypeAsync(string line, CancellationToken ct)
    {
        beforeLine();
        var configure = template.Template.Configure;
        var commits = configure.Commit.Contains(line) || configure.Trial?.Begin.Contains(line) == true || configure.Trial?.Keep.Contains(line) == true;
        return terminal.SendAsync(line, ct, commits ? configure.CommitDeadline : null);
    }

    /// <summary>
    /// Empties the candidate after a line or the commit was refused; null when that was confirmed, or when there is none (families whose lines run at once).
    /// What it did not confirm is gone with the session: nothing was committed.
    /// </summary>
    public async Task<LineResult?> AbortAsync(PortName port, CancellationToken ct) =>
        _level == LineScope.Exec || template.Template.Configure.Abort.Count == 0 ? null : await TypeAllAsync(template.Template.Configure.Abort, port, LineScope.Configure, ct);

    /// <summary>Asks the port's configuration in the family's own words.</summary>
    /// <exception cref="DeviceException">A read was refused or not answered.</exception>
    public async Task<PortReading> ReadAsync(PortName port, CancellationToken ct) =>
        ParseReading.From(template.Template, await ReadOutputsAsync(port, ct), port);

    /// <summary>What the device answers to each of the family's reads, by the read's name.</summary>
    /// <exception cref="DeviceException">A read was refused or not answered.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadOutputsAsync(PortName port, CancellationToken ct)
    {
        await ToExecAsync(port, ct);
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var read in template.NeededReads)
        {
            outputs[read] = await AskAsync(template.ReadCommand(read, port.IfName), null, ct);
        }

        return outputs;
    }

    /// <summary>Saves the running configuration. Null when the device said so, else its words.</summary>
    /// <exception cref="DeviceException">Nobody knows whether it saved.</exception>
    public async Task<string?> SaveAsync(PortName anyPort, CancellationToken ct)
    {
        await ToExecAsync(anyPort, ct);
        var save = template.Template.Save;
        foreach (var line in save.Lines)
        {
            beforeLine();
            switch (await terminal.SendAsync(line, ct, save.Deadline, template.SaveDialogues))
            {
                case LineResult.Rejected(_, var reason):
                    return reason;
                case LineResult.Unknown(_, var why):
                    throw new DeviceException(DeviceFault.Timeout, $"{terminal.SwitchName}: \"{line}\" was not answered: {why}");
                case LineResult.Confirmed(var output) when line == save.Lines[^1] && save.Success?.IsMatch(output) == false:
                    return output.Trim() is { Length: > 0 } words ? words : "no word of success";
            }
        }

        return null;
    }

    /// <summary>The whole saved configuration, or null where the family cannot show it.</summary>
    public async Task<string?> ShowSavedAsync(PortName anyPort, CancellationToken ct)
    {
        if (template.Template.Save.VerifyCommand is not { } command)
        {
            return null;
        }

        await ToExecAsync(anyPort, ct);
        return await AskAsync(command, template.Template.Save.Deadline, ct);
    }

    /// <summary>The whole running configuration as the device shows it, secrets and all; null where the family cannot show it.</summary>
    /// <param name="patience">Where that is shorter than the template's deadline.</param>
    /// <exception cref="DeviceException">It was refused, not answered, or too long.</exception>
    public async Task<string?> ShowRunningAsync(PortName anyPort, CancellationToken ct, TimeSpan? patience = null)
    {
        if (template.Archive is not { } archive)
        {
            return null;
        }

        await ToExecAsync(anyPort, ct);
        return await AskAsync(archive.Command, patience < archive.Deadline ? patience : archive.Deadline, ct);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await terminal.DisposeAsync();
        }
        finally
        {
            Line?.Dispose();
        }
    }

    private async Task ToExecAsync(PortName port, CancellationToken ct)
    {
        if (await MoveToAsync(LineScope.Exec, port, ct) is { } stopped)
        {
            throw new DeviceException(DeviceFault.Timeout, $"{terminal.SwitchName}: the configuration could not be left: {Why(stopped)}");
        }
    }

    private async Task<string> AskAsync(string command, TimeSpan? deadline, CancellationToken ct)
    {
        beforeLine();
        return await terminal.SendAsync(command, ct, deadline) switch
        {
            LineResult.Confirmed(var output) => output,
            LineResult.Rejected(_, var reason) => throw new DeviceException(DeviceFault.Rejected, $"{terminal.SwitchName}: \"{reason}\" after \"{command}\""),
            var unknown => throw new DeviceException(DeviceFault.Timeout, $"{terminal.SwitchName}: \"{command}\" was not answered: {Why(unknown)}"),
        };
    }

    private async Task<LineResult?> TypeAllAsync(IReadOnlyList<string> lines, PortName port, LineScope reached, CancellationToken ct)
    {
        foreach (var line in lines)
        {
            beforeLine();
            var result = await terminal.SendAsync(template.Template.Typed(line, port), ct);
            if (result is not LineResult.Confirmed)
            {
                return result;
            }
        }

        _level = reached;
        return null;
    }

    private static string Why(LineResult result) => result switch
    {
        LineResult.Rejected(_, var reason) => reason,
        LineResult.Unknown(_, var why) => why,
        _ => "",
    };
}
