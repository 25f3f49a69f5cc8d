using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Switches;

/// <summary>Stands in for the terminal of a family that is only spoken to by SNMP: there is nothing to read, to save or to leave, and nothing may be typed.</summary>
internal sealed class NoTerminal(string switchName) : ITerminalSession
{
    public string SwitchName => switchName;

    public int LocalPort => 0;

    public string Host => "";

    public string Banner => "";

    public string Transcript => "";

    public Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null) =>
        throw new InvalidOperationException($"{switchName} has no terminal; \"{line}\" was not sent.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
