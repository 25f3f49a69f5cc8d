using System.Text;
using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Terminal;

/// <summary>The conversation with a command line, over any transport. One line at a time, each sent once; any doubt ends the session.</summary>
internal sealed class TerminalSession : ITerminalSession
{
    private static readonly TimeSpan LogoutDeadline = TimeSpan.FromSeconds(1);

    private readonly ITerminalTransport _transport;
    private readonly TerminalEndpoint _endpoint;
    private readonly TerminalDialect _dialect;
    private readonly Grammar _grammar;
    private readonly TimeProvider _clock;
    private readonly TerminalScreen _screen = new();
    private readonly Listener _listener;
    private readonly Transcript _transcript;
    private Regex _prompt;
    private string? _dead;
    private Exchange? _cancelled;
    private int _busy;

    private TerminalSession(ITerminalTransport transport, TerminalEndpoint endpoint, TerminalDialect dialect, TimeProvider clock)
    {
        (_transport, _endpoint, _dialect, _clock) = (transport, endpoint, dialect, clock);
        _grammar = Grammar.Of(dialect);
        _prompt = _grammar.Prompt;
        _listener = new Listener(transport.Output, _screen, clock);
        _transcript = new Transcript(endpoint);
    }

    public string SwitchName => _endpoint.SwitchName;

    public int LocalPort => _transport.LocalPort;

    public string Host { get; private set; } = "";

    public string Banner { get; private set; } = "";

    public VtyLines? Lines { get; private set; }

    public string? Prompt { get; private set; }

    public string Transcript => _transcript.ToString();

    public long TranscriptLength => _transcript.Length;

    public string TranscriptFrom(long place) => _transcript.From(place);

    /// <summary>Waits for the first prompt and sends the dialect's login lines. The session owns the transport from here on, also when this fails.</summary>
    public static async Task<ITerminalSession> LoginAsync(
        ITerminalTransport transport, TerminalEndpoint endpoint, TerminalDialect dialect, TimeProvider clock, CancellationToken ct)
    {
        var session = new TerminalSession(transport, endpoint, dialect, clock);
        try
        {
            await session.LoginAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public async Task<LineResult> SendAsync(string line, CancellationToken ct, TimeSpan? deadline = null, IReadOnlyList<Dialogue>? dialogues = null)
    {
        Typing.CheckLine(line, _dialect.ForbiddenCharacters);
        return await ExchangeAsync(line, _prompt, dialogues ?? [], deadline ?? _dialect.LineDeadline, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_dead is null || await IsBackAtPromptAsync())
        {
            await LogoutAsync();
        }

        _dead ??= "the session was closed";
        _listener.Dispose();
        await _transport.DisposeAsync();
    }

    private async Task LoginAsync(CancellationToken ct)
    {
        var first = new Exchange("", _grammar.InitialPrompt, [.. _dialect.LoginDialogues, .. _dialect.Pagers])
        {
            Deadline = _dialect.LoginDeadline,
            Settle = _dialect.Settle * 3,
            AnswerStart = 0,
        };
        var (sight, why) = await ConverseAsync(first, ct);
        Banner = _screen.Finished(0);
        _transcript.Add(_screen.Text());
        if (sight is null)
        {
            throw LoginFailed("waiting for the first prompt", why);
        }

        if (_dialect.InitialPrompt is null)
        {
            LearnHost(sight.Prompt);
        }

        Lines = _grammar.LinesIn(Banner);
        if (Lines is { AreAllTaken: true } full)
        {
            throw new DeviceException(DeviceFault.SessionLimit, $"{SwitchName} has {full.Max} terminal sessions, and ours would be the last one free; it is left for people.");
        }

        foreach (var (step, prompt) in _dialect.Login.Zip(_grammar.LoginPrompts))
        {
            Typing.CheckLine(step.Send, forbidden: "");
            var answer = await ExchangeAsync(step.Send, prompt ?? _prompt, step.Dialogues ?? [], _dialect.LineDeadline, ct, learn: prompt is null);
            if (answer is LineResult.Unknown unknown)
            {
                throw LoginFailed($"after \"{step.Send}\"", unknown.Why);
            }

            if (answer is LineResult.Rejected rejected && !step.MayFail)
            {
                var fault = step.Dialogues?.Any(d => d.IsSecret) == true ? DeviceFault.AuthenticationFailed : DeviceFault.Rejected;
                throw new DeviceException(fault, $"{SwitchName}: \"{rejected.Reason}\" after \"{step.Send}\" while logging in.");
            }
        }
    }

    private async Task<LineResult> ExchangeAsync(
        string line, Regex prompt, IReadOnlyList<Dialogue> dialogues, TimeSpan deadline, CancellationToken ct, bool learn = false)
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            throw new InvalidOperationException($"{SwitchName}: a line is still on its way in this session.");
        }

        try
        {
            if (_dead is null)
            {
                DrainUnsolicited();
            }

            if (_dead is { } gone)
            {
                return new LineResult.Unknown("", $"not sent: {gone}");
            }

            if (_dialect.Echoes)
            {
                _screen.Forget();
            }
            else
            {
                _screen.Clear();
            }

            var exchange = new Exchange(line, prompt, [.. dialogues, .. _dialect.Pagers])
            {
                Deadline = deadline,
                Settle = _dialect.Settle,
                PromptBefore = _screen.LastLine.ToString(),
                AnswerStart = _dialect.Echoes ? -1 : 0,
            };
            var (sight, why) = await ConverseAsync(exchange, ct);
            return sight is null ? Unknown(exchange, why) : Judge(exchange, sight, learn);
        }
        catch (RegexMatchTimeoutException)
        {
            _transport.Abort();
            return new LineResult.Unknown("", _dead = "the output could not be matched in time");
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Types the line (the first exchange types nothing) and follows the screen to the prompt. Null: it never came, and the session is dead.</summary>
    private async Task<(Sight.AtPrompt? Sight, string Why)> ConverseAsync(Exchange exchange, CancellationToken ct)
    {
        // Whatever interrupts what follows, nobody knows what the device made of it.
        _dead = "an earlier line was interrupted";
        var since = _clock.GetTimestamp();
        _listener.ResetCount();
        try
        {
            if (exchange.Line.Length > 0 || exchange.AnswerStart < 0)
            {
                await TypeAsync(exchange.Line + _dialect.LineEnd, exchange.Deadline, ct);
            }

            return await FollowAsync(exchange, since, exchange.Deadline, answers: true, ct);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            return Dead($"{_transport.Ending}: {e.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            return Dead("the output could not be matched in time");
        }
        catch (OperationCanceledException)
        {
            // The device may yet come back to its prompt; Dispose looks, and logs out there.
            _cancelled = exchange;
            throw;
        }
        finally
        {
            if (_dead is not null && _cancelled is null)
            {
                _transport.Abort();
            }
        }
    }

    private async Task<(Sight.AtPrompt? Sight, string Why)> FollowAsync(Exchange exchange, long since, TimeSpan deadline, bool answers, CancellationToken ct)
    {
        while (true)
        {
            var sight = exchange.Look(_screen, _grammar);
            var left = deadline - _clock.GetElapsedTime(since);
            if (sight is Sight.More && left <= TimeSpan.Zero)
            {
                return Dead(exchange.AnswerStart < 0
                    ? $"the line was not echoed within {deadline.TotalSeconds:0.#} s"
                    : $"no prompt within {deadline.TotalSeconds:0.#} s");
            }

            switch (await _listener.ListenAsync(exchange.Patience(sight, left), ct))
            {
                case Heard.Ending:
                    return Dead(_transport.Ending);
                case Heard.Bytes when _listener.Received > _dialect.MaxOutputBytes:
                    return Dead($"more than {_dialect.MaxOutputBytes} bytes came back");
                case Heard.Silence when sight is Sight.AtPrompt prompt:
                    _dead = null;
                    return (prompt, "");
                case Heard.Silence when sight is Sight.Refused:
                    Dead("the secret was refused");
                    throw new DeviceException(DeviceFault.AuthenticationFailed, $"{SwitchName} asked for the secret of \"{_endpoint.Login.User}\" again: it was refused.");
                case Heard.Silence when sight is Sight.Asked asked && answers:
                    exchange.Answered(asked, _screen);
                    await TypeAsync(Typing.Answer(asked.Dialogue, _endpoint.Login) + (asked.Dialogue.Enter ? _dialect.LineEnd : ""), left, ct);
                    break;
                case Heard.Silence when sight is Sight.Asked:
                    return Dead("it asks something, and nobody answers any more");
            }
        }
    }

    /// <summary>A cancelled line is neither typed again nor is anything answered for it; where the prompt follows soon, the session can still be left cleanly.</summary>
    private async Task<bool> IsBackAtPromptAsync()
    {
        if (_cancelled is not { } exchange)
        {
            return false;
        }

        _cancelled = null;
        try
        {
            return (await FollowAsync(exchange, _clock.GetTimestamp(), LogoutDeadline, answers: false, CancellationToken.None)).Sight is not null;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        finally
        {
            if (_dead is not null)
            {
                _transport.Abort();
            }
        }
    }

    private (Sight.AtPrompt? Sight, string Why) Dead(string why) => (null, _dead = why);

    private async Task TypeAsync(string text, TimeSpan deadline, CancellationToken ct)
    {
        var write = _transport.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        if (!write.IsCompletedSuccessfully)
        {
            await write.AsTask().WaitAsync(deadline > TimeSpan.Zero ? deadline : TimeSpan.Zero, _clock, ct);
        }
    }

    /// <summary>What came since the last prompt answers no line of ours.</summary>
    private void DrainUnsolicited()
    {
        _screen.Forget();
        var heard = _listener.Drain(_dialect.MaxOutputBytes);
        if (heard != Heard.Silence)
        {
            _transcript.Add(_screen.Text());
        }

        if (heard == Heard.Ending || _listener.Received > _dialect.MaxOutputBytes)
        {
            _dead = heard == Heard.Ending ? _transport.Ending : $"more than {_dialect.MaxOutputBytes} bytes came without being asked for";
            _transport.Abort();
        }
    }

    private LineResult Judge(Exchange exchange, Sight.AtPrompt sight, bool learn)
    {
        var output = _transcript.WithoutSecrets(_grammar.WithoutLogLines(_screen.Text(exchange.AnswerStart, sight.OutputEnd - exchange.AnswerStart)));
        _transcript.Add(_screen.Text(exchange.PromptBefore.Length));
        Prompt = sight.Prompt.Value.TrimEnd();
        if (learn && Host.Length == 0)
        {
            LearnHost(sight.Prompt);
        }

        if (_grammar.ErrorIn(output) is { } error)
        {
            return new LineResult.Rejected(output, _transcript.Scrub(error));
        }

        var status = sight.Prompt.Groups["status"];
        return status.Success && status.Value.Trim('0').Length > 0
            ? new LineResult.Rejected(output, $"exit status {status.Value}: {_transcript.Scrub(output.TrimEnd().Split('\n')[^1])}")
            : new LineResult.Confirmed(output);
    }

    private LineResult.Unknown Unknown(Exchange exchange, string why)
    {
        _transcript.Add(_screen.Text(Math.Min(exchange.PromptBefore.Length, _screen.FinishedLength)));
        return new LineResult.Unknown(exchange.AnswerStart < 0 ? "" : _transcript.WithoutSecrets(_grammar.WithoutLogLines(_screen.Text(exchange.AnswerStart))), _transcript.Scrub(why));
    }

    private void LearnHost(Match prompt)
    {
        Host = prompt.Groups["host"].Value;
        _prompt = _grammar.PromptOf(Host);
    }

    private DeviceException LoginFailed(string when, string why)
    {
        var fault = _grammar.SaysSessionLimit(_screen.Text()) ? DeviceFault.SessionLimit
            : why == _transport.Ending ? DeviceFault.Unreachable
            : DeviceFault.Timeout;
        var said = _transcript.Scrub(_screen.Text().TrimEnd());
        return new DeviceException(fault, $"{SwitchName}: {why}, {when}; it said: \"{(said.Length > 200 ? said[^200..] : said)}\".");
    }

    private async Task LogoutAsync()
    {
        var since = _clock.GetTimestamp();
        foreach (var line in _dialect.Logout)
        {
            var left = LogoutDeadline - _clock.GetElapsedTime(since);
            if (left <= TimeSpan.Zero || await ExchangeAsync(line, _prompt, [], left, CancellationToken.None) is LineResult.Unknown)
            {
                return;
            }
        }
    }
}
