using System.Net;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.Snmp;

/// <summary>What all exchanges share: ids, slots, sockets, and who gets a datagram that arrives. Knows nothing of what is asked.</summary>
internal sealed partial class RequestEngine : IAsyncDisposable
{
    public const int UsualDatagram = 2_048;
    public const int LargestDatagram = 65_507; // UDP over IPv4
    private readonly SemaphoreSlim _slots;
    private readonly Action<SnmpEngineEvent>? _engineNews;
    private readonly ILogger _logger;
    private volatile Exception? _end;

    public RequestEngine(SnmpClientOptions options, TimeProvider clock, ILogger logger)
        : this(options, clock, logger, (receiver, broken) => options.Transport == SnmpTransport.Sockets || (options.Transport == SnmpTransport.Best && !LinuxSockets.IsSupported)
            ? new SocketTransport(options, receiver, broken, logger)
            : new BatchTransport(options, receiver, broken, logger))
    {
    }

    public RequestEngine(SnmpClientOptions options, TimeProvider clock, ILogger logger, Func<DatagramReceiver, Action<Exception>, IDatagramTransport> transport)
    {
        (Clock, _logger, _engineNews) = (clock, logger, options.EngineNews);
        _slots = new SemaphoreSlim(options.MaxInFlight);
        Agents = new AgentMemory(options, clock);
        Transport = transport(Receive, End);
    }

    public TimeProvider Clock { get; }

    public SnmpCounters Counters { get; } = new();

    public AgentMemory Agents { get; }

    public IDatagramTransport Transport { get; }

    public RequestIds Ids { get; } = new();

    public PendingTable Pending { get; } = new();

    /// <summary>The answer, whatever its error status. Each attempt has a new id and waits longer than the one before.</summary>
    public async Task<SnmpAnswer> AskAsync(SnmpTarget target, SnmpPdu question, int retries, CancellationToken ct)
    {
        ThrowIfEnded();
        var agent = Agents.Enter(target.EndPoint);
        try
        {
            await EnterAsync(agent, ct);
            try
            {
                using var exchange = new Question(this, agent, target, question, retries);
                await using var cancel = ct.UnsafeRegister(static (state, token) => ((Exchange)state!).Abort(new OperationCanceledException(token)), exchange);
                ct.ThrowIfCancellationRequested();
                exchange.Start();
                return await exchange.Answer;
            }
            finally
            {
                Leave(agent);
            }
        }
        finally
        {
            Agents.Leave(agent);
        }
    }

    /// <summary>First the agent's slot, then one of all: waiting for a slow agent holds nobody else up.</summary>
    public ValueTask EnterAsync(Agent agent, CancellationToken ct) => TryEnter(agent) ? ValueTask.CompletedTask : WaitAsync(agent, ct);

    /// <summary>Both slots where both are free now.</summary>
    public bool TryEnter(Agent agent)
    {
        if (!agent.Slots.Wait(0, CancellationToken.None))
        {
            return false;
        }

        if (_slots.Wait(0, CancellationToken.None))
        {
            return true;
        }

        agent.Slots.Release();
        return false;
    }

    private async ValueTask WaitAsync(Agent agent, CancellationToken ct)
    {
        await agent.Slots.WaitAsync(ct);
        try
        {
            await _slots.WaitAsync(ct);
        }
        catch
        {
            agent.Slots.Release();
            throw;
        }
    }

    public void Leave(Agent agent)
    {
        _slots.Release();
        agent.Slots.Release();
    }

    public async ValueTask DisposeAsync()
    {
        End(new ObjectDisposedException(nameof(SnmpClient)));
        await Transport.DisposeAsync();
    }

    /// <summary>Why nothing can be asked any more; null as long as it can.</summary>
    public Exception? WhyEnded() => _end switch
    {
        null => null,
        ObjectDisposedException disposed => disposed,
        var reason => new InvalidOperationException("The SNMP client can receive no more.", reason),
    };

    public void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_end is ObjectDisposedException, this);
        if (WhyEnded() is { } reason)
        {
            throw reason;
        }
    }

    public void TimedOut(PduType type, IPEndPoint agent, int attempts)
    {
        Counters.TimedOut();
        Log.TimedOut(_logger, type, agent, attempts);
    }

    public void SendBufferFull(IPEndPoint agent) => Log.SendBufferFull(_logger, agent);

    public void Tell(IPEndPoint agent, SnmpEngineNews news, ReadOnlySpan<byte> engineId, int boots)
    {
        var told = new SnmpEngineEvent(agent, news, engineId.ToArray(), boots);
        Log.EngineNews(_logger, news is SnmpEngineNews.BootsWentBack or SnmpEngineNews.IdChanged ? LogLevel.Warning : LogLevel.Information, told);

        // Not on the receiving thread: a slow listener must not hold up every agent's answers.
        if (_engineNews is { } listener)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Listener(state.Told), (Listener: listener, Told: told), preferLocal: false);
        }
    }

    /// <summary>Gives an answer to the exchange it belongs to.</summary>
    private void Receive(int lane, Span<byte> datagram, ReadOnlySpan<byte> from)
    {
        if (Deliver(lane, datagram, from) is { } reason)
        {
            Counters.Dropped(reason);
        }
    }

    private DropReason? Deliver(int lane, Span<byte> datagram, ReadOnlySpan<byte> from)
    {
        if (!SnmpFrame.TryReadVersion(datagram, out var version, out _))
        {
            return DropReason.Malformed;
        }

        if (version == SnmpVersion.V3)
        {
            return !V3Frame.TryRead(datagram, out var sealedFrame, out _) ? DropReason.Malformed
                : Pending.Find(sealedFrame.MsgId) is { } waiting ? waiting.Receive(lane, from, sealedFrame, datagram)
                : DropReason.Unmatched;
        }

        if (!SnmpFrame.TryRead(datagram, out var frame, out _))
        {
            return DropReason.Malformed;
        }

        return frame.Pdu.Type != PduType.Response ? DropReason.NotAResponse
            : Pending.Find(frame.Pdu.RequestId) is { } exchange ? exchange.Receive(lane, from, frame, datagram.Length)
            : DropReason.Unmatched;
    }

    private void End(Exception reason)
    {
        _end ??= reason;
        foreach (var exchange in Pending.All())
        {
            exchange.Abort(WhyEnded()!);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Debug, "{Pdu} to {Agent} got no answer in {Attempts} attempt(s)")]
        public static partial void TimedOut(ILogger logger, PduType pdu, IPEndPoint agent, int attempts);

        [LoggerMessage(3011, LogLevel.Debug, "Send buffer full, datagram to {Agent} lost")]
        public static partial void SendBufferFull(ILogger logger, IPEndPoint agent);

        [LoggerMessage(EventId = 3012, Message = "SNMPv3 engine: {News}")]
        public static partial void EngineNews(ILogger logger, LogLevel level, SnmpEngineEvent news);
    }
}
