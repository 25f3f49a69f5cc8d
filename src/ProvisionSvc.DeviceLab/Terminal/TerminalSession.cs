using ProvisionSvc.DeviceLab.Faults;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>One login on one switch's terminal, from banner to logout, with whatever misbehaviour was ordered.</summary>
internal sealed class TerminalSession : ITerminalUser, IDisposable
{
    /// <summary>A line on which nothing is typed for so long is freed.</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(10);

    private readonly SimSwitch _device;
    private readonly CommandLine _commands;
    private readonly TerminalIo _io;
    private readonly Action _abort;
    private readonly TerminalState _state;
    private readonly Origin _origin;
    private readonly CancellationTokenSource _cut = new();
    private int _lineNumber;

    /// <param name="device">The switch that was connected to.</param>
    /// <param name="commands">Its family's command line.</param>
    /// <param name="stream">What is typed and printed.</param>
    /// <param name="channel">How the session came: ssh or stream.</param>
    /// <param name="client">The client's end, as the service knows it.</param>
    /// <param name="abort">Cuts the connection without a goodbye.</param>
    public TerminalSession(SimSwitch device, CommandLine commands, Stream stream, string channel, string? client, Action abort)
    {
        (_device, _commands, _abort) = (device, commands, abort);
        _origin = new Origin(device.Log.NewSession("vty"), channel, client);
        _state = new TerminalState(device.Name, commands.Start) { Session = _origin.Session };
        _io = new TerminalIo(stream, device.Clock)
        {
            Complete = commands.Helps ? Complete : null,
            Help = commands.Helps ? line => CommandMatcher.Next(commands.In(_state.Mode), line) : null,
            PerByte = () => device.Faults.PerByte,
        };
    }

    public async Task RunAsync(CancellationToken stop)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, _cut.Token);
        var ct = both.Token;
        if (_device.Faults.IsUnreachable) return;
        if (_device.Vty.Take(this, _device.Faults.VtyLimit) is not { } inUse)
        {
            _io.Write($"{_commands.Full}\r\n");
            await _io.FlushAsync(ct);
            return;
        }

        _device.Log.Append(_device.Name, LogKind.Open, _origin);
        try
        {
            if (_device.Faults.AsksAtLogin && _commands.LoginQuestion is { } asked) _state.Asking = new Question(asked, (_, _) => true);
            Write(_commands.Greet(_device, inUse));
            await TalkAsync(ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client left, the session was cut as ordered, or the lab stops: the log says that it ended, nothing else is owed.
        }
        finally
        {
            _commands.Left(_device, _state);
            _device.Vty.Free(this);
            _device.Log.Append(_device.Name, LogKind.Close, _origin);
        }
    }

    public Task InjectAsync(string text, bool always, CancellationToken ct) =>
        always || _state.MonitorsLogs ? _io.InterruptAsync($"\r\n{text}\r\n", ct) : Task.CompletedTask;

    private async Task TalkAsync(CancellationToken ct)
    {
        var wrong = default(string);
        while (!_state.IsOver)
        {
            var prompt = wrong ?? _state.Asking?.Text ?? _commands.Prompt(_state);
            _io.Write(prompt);
            using var idle = new CancellationTokenSource(IdleLimit, _device.Clock);
            using var read = CancellationTokenSource.CreateLinkedTokenSource(ct, idle.Token);
            if (await _io.ReadLineAsync(prompt, _state.Asking?.IsSecret == true, read.Token) is not { } line) return;
            wrong = null;
            if (line == "\u0003") _state.Asking = null;
            else if (line == "\u001a") Escape();
            else if (_state.Asking is not null || line.Trim().Length > 0) wrong = await TakeAsync(line, ct);
        }

        Write(_commands.Part(_device.Vty.Free(this)));
        await _io.FlushAsync(ct);
    }

    private void Escape()
    {
        _state.Asking = null;
        Run(_origin with { LineNumber = ++_lineNumber, Line = "^Z" }, _commands.Escape);
    }

    /// <summary>One line: what it sets off, its effect, its answer. Gives the prompt that follows where that is not the right one.</summary>
    private async Task<string?> TakeAsync(string line, CancellationToken ct)
    {
        var struck = _device.Faults.StruckBy(line);
        if (struck.OfType<Fault.Drop>().Any(d => d.When == DropMoment.Before))
        {
            _io.Discard();
            Cut();
            return null;
        }

        if (_device.Faults.PerLine is { Ticks: > 0 } delay) await PauseAsync(delay, ct);
        var answer = Execute(line, struck);
        if (struck.OfType<Fault.Drop>().FirstOrDefault() is { } drop)
        {
            _io.Discard();
            if (drop.When == DropMoment.Mid && answer.Count > 0) await _io.InterruptAsync(string.Join("\r\n", answer)[..(answer.Sum(a => a.Length) / 2)], ct);
            Cut();
            return null;
        }

        if (struck.OfType<Fault.Hang>().Any()) await PauseAsync(Timeout.InfiniteTimeSpan, ct);
        if (struck.OfType<Fault.Flood>().FirstOrDefault() is { } flood)
        {
            while (true) await _io.InterruptAsync($"{flood.Text}\r\n", ct);
        }

        if (struck.OfType<Fault.LogLine>().FirstOrDefault() is { } log) answer = [.. answer.Take(answer.Count / 2), log.Text, .. answer.Skip(answer.Count / 2)];
        await _io.PrintAsync(answer, _commands.Pager, _commands.PageLength(_device, _state), ct);
        if (struck.OfType<Fault.LatePrompt>().FirstOrDefault() is { } late) await PauseAsync(late.By, ct);
        return struck.OfType<Fault.WrongPrompt>().FirstOrDefault()?.Text;
    }

    private async Task PauseAsync(TimeSpan time, CancellationToken ct)
    {
        await _io.FlushAsync(ct);
        await Task.Delay(time, _device.Clock, ct);
    }

    private IReadOnlyList<string> Execute(string line, IReadOnlyList<Fault.OnLine> struck)
    {
        var origin = _origin with { LineNumber = ++_lineNumber, Line = _state.Asking?.IsSecret == true ? "(secret)" : line };
        if (struck.OfType<Fault.Reject>().FirstOrDefault() is { } reject) return Run(origin, context => _commands.Refuse(context, reject.Text is { } text ? [text] : null));
        if (struck.OfType<Fault.Ignore>().Any()) return LogLine(origin, "ignored", []);
        return _state.Asking is { } question ? Run(origin, context => Answer(context, question, line)) : Run(origin, context => _commands.Run(context, line));
    }

    private IReadOnlyList<string> Run(Origin origin, Action<CommandContext> run)
    {
        var context = new CommandContext(_device, _state, origin);
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
            Port = _state.Mode is Mode.Interface or Mode.SwitchVlanInterface ? _device.Model.Interfaces[_state.Slot].Name : null,
        });
        return answer;
    }

    private void Write(IEnumerable<string> lines)
    {
        foreach (var line in lines) _io.Write($"{line}\r\n");
    }

    private string Complete(string line)
    {
        var next = CommandMatcher.Next(_commands.In(_state.Mode), line).Where(w => w[0] != '<').ToList();
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
