using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>One login on one switch's terminal, from banner to logout, with whatever misbehaviour was ordered.</summary>
internal sealed class TerminalSession : ITerminalUser, IDisposable
{
    /// <summary>A line on which nothing is typed for so long is freed.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private static readonly IReadOnlyList<Command> Commands = [.. SystemCommands.All, .. InterfaceCommands.All, .. DisplayCommands.All];
    private static readonly Dictionary<Views, Command[]> ByView =
        new[] { Views.User, Views.System, Views.Interface, Views.Vlan }.ToDictionary(v => v, v => Commands.Where(c => c.Views.HasFlag(v)).ToArray());

    private readonly SimSwitch _device;
    private readonly TerminalIo _io;
    private readonly Action _abort;
    private readonly TerminalState _state;
    private readonly Origin _origin;
    private readonly CancellationTokenSource _cut = new();
    private int _lineNumber;

    /// <param name="device">The switch that was connected to.</param>
    /// <param name="stream">What is typed and printed.</param>
    /// <param name="channel">How the session came: ssh or stream.</param>
    /// <param name="client">The client's end, as the service knows it.</param>
    /// <param name="abort">Cuts the connection without a goodbye.</param>
    public TerminalSession(SimSwitch device, Stream stream, string channel, string? client, Action abort)
    {
        (_device, _abort) = (device, abort);
        _state = new TerminalState(device.Name);
        _origin = new Origin(device.Log.NewSession("vty"), channel, client);
        _io = new TerminalIo(stream) { Complete = Complete, Help = line => CommandMatcher.Next(ByView[_state.View], line) };
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, _cut.Token);
        var ct = both.Token;
        if (_device.Faults.IsUnreachable) return;
        if (_device.Vty.Take(this, _device.Faults.VtyLimit) is not { } inUse)
        {
            _io.Write("All user interfaces are used, please try later!\r\n");
            await _io.FlushAsync(ct);
            return;
        }

        _device.Log.Append(_device.Name, LogKind.Open, _origin);
        try
        {
            WriteUsers(inUse);
            _io.Write($"      The current login time is {_device.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}.\r\n");
            await TalkAsync(ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client left, the session was cut as ordered, or the lab stops: the log says that it ended, nothing else is owed.
        }
        finally
        {
            _device.Vty.Free(this);
            _device.Log.Append(_device.Name, LogKind.Close, _origin);
        }
    }

    public Task InjectAsync(string text, bool always, CancellationToken ct) =>
        always || _state.MonitorsLogs ? _io.InterruptAsync($"\r\n{text}\r\n", ct) : Task.CompletedTask;

    private async Task TalkAsync(CancellationToken ct)
    {
        while (!_state.IsOver)
        {
            var prompt = _state.Asking?.Text ?? _state.Prompt;
            _io.Write(prompt);
            using var idle = new CancellationTokenSource(IdleLimit, _device.Clock);
            using var read = CancellationTokenSource.CreateLinkedTokenSource(ct, idle.Token);
            if (await _io.ReadLineAsync(prompt, read.Token) is not { } line) return;
            if (line == "\u0003") _state.Asking = null;
            else if (line == "\u001a") (_state.View, _state.Asking) = (Views.User, null);
            else if (_state.Asking is not null || line.Trim().Length > 0) await TakeAsync(line, ct);
        }

        WriteUsers(_device.Vty.Free(this));
        await _io.FlushAsync(ct);
    }

    /// <summary>One line: what it sets off, its effect, its answer.</summary>
    private async Task TakeAsync(string line, CancellationToken ct)
    {
        var struck = _device.Faults.StruckBy(line);
        if (struck.OfType<Fault.Drop>().Any(d => d.When == DropMoment.Before))
        {
            _io.Discard();
            Cut();
            return;
        }

        if (_device.Faults.PerLine is { Ticks: > 0 } delay)
        {
            await _io.FlushAsync(ct);
            await Task.Delay(delay, _device.Clock, ct);
        }

        var answer = Execute(line, struck);
        if (struck.OfType<Fault.Drop>().FirstOrDefault() is { } drop)
        {
            _io.Discard();
            if (drop.When == DropMoment.Mid && answer.Count > 0) await _io.InterruptAsync(string.Join("\r\n", answer)[..(answer.Sum(a => a.Length) / 2)], ct);
            Cut();
            return;
        }

        if (struck.OfType<Fault.Hang>().Any())
        {
            await _io.FlushAsync(ct);
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        }

        if (struck.OfType<Fault.LogLine>().FirstOrDefault() is { } log) answer = [.. answer.Take(answer.Count / 2), log.Text, .. answer.Skip(answer.Count / 2)];
        await _io.PrintAsync(answer, _state.PageLength, ct);
    }

    private IReadOnlyList<string> Execute(string line, IReadOnlyList<Fault.OnLine> struck)
    {
        var origin = _origin with { LineNumber = ++_lineNumber, Line = line };
        if (struck.OfType<Fault.Reject>().FirstOrDefault() is { } reject) return LogLine(origin, "rejected", [reject.Text]);
        if (struck.OfType<Fault.Ignore>().Any()) return LogLine(origin, "ignored", []);
        if (_state.Asking is { } question) return Run(origin, [], context => Answer(context, question, line));

        return CommandMatcher.Find(ByView[_state.View], line) switch
        {
            Match.Found found => Run(origin, found.Arguments, found.Command.Run),
            Match.Wrong wrong => LogLine(origin, "rejected", [.. CommandContext.Caret(wrong.Error, _state.Prompt.Length + wrong.Column)]),
            _ => throw new InvalidOperationException("A match is found or wrong."),
        };
    }

    private IReadOnlyList<string> Run(Origin origin, IReadOnlyList<Token> arguments, Action<CommandContext> run)
    {
        var context = new CommandContext(_device, _state, origin, arguments);
        run(context);
        return context.HasWritten ? context.Answer : LogLine(origin, context.IsRejected ? "rejected" : "accepted", context.Answer);
    }

    private void Answer(CommandContext context, Question question, string line)
    {
        _state.Asking = null;
        if (!question.Answered(context, line)) _state.Asking = question;
    }

    private IReadOnlyList<string> LogLine(Origin origin, string result, IReadOnlyList<string> answer)
    {
        _device.Log.Append(_device.Name, LogKind.Line, origin, e => e with
        {
            Result = result,
            Port = _state.View == Views.Interface ? _state.SlotName : null,
        });
        return answer;
    }

    private void WriteUsers(int inUse) =>
        _io.Write($"Info: The max number of VTY users is {VtyLines.DeviceLimit}, and the number\r\n      of current VTY users on line is {inUse}.\r\n");

    private string Complete(string line)
    {
        var next = CommandMatcher.Next(ByView[_state.View], line).Where(w => w[0] != '<').ToList();
        var typed = line[(line.LastIndexOf(' ') + 1)..];
        return typed.Length > 0 && next.Count == 1 ? next[0][typed.Length..] + " " : "";
    }

    public void Cut()
    {
        _cut.Cancel();
        _abort();
    }

    // The token source has no timer to free, and a cut may still come from a switch that saw this session a moment ago.
    public void Dispose() => _io.Dispose();
}
