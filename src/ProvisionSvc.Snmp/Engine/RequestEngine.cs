using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.Snmp;

/// <summary>Asks one question and waits for its one answer: ids, matching, attempts, limits. Knows nothing of what is asked.</summary>
internal sealed partial class RequestEngine : IAsyncDisposable
{
    private const int UsualDatagram = 2_048;
    private const int LargestDatagram = 65_507; // UDP over IPv4
    private readonly ConcurrentDictionary<int, PendingRequest> _pending = new();
    private readonly RequestIds _ids = new();
    private readonly SemaphoreSlim _slots;
    private readonly AgentMemory _agents;
    private readonly IDatagramTransport _transport;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile Exception? _end;

    public RequestEngine(SnmpClientOptions options, TimeProvider clock, ILogger logger)
    {
        (_clock, _logger) = (clock, logger);
        _slots = new SemaphoreSlim(options.MaxInFlight);
        _agents = new AgentMemory(options);
        _transport = new SocketTransport(options, Receive, End, logger);
    }

    public SnmpCounters Counters { get; } = new();

    public AgentMemory Agents => _agents;

    /// <summary>The answer, whatever its error status. Each attempt has a new id and waits longer than the one before.</summary>
    public async Task<SnmpAnswer> AskAsync(SnmpTarget target, SnmpPdu question, int retries, CancellationToken ct)
    {
        ThrowIfEnded();
        var endPoint = PendingRequest.Normalised(target.EndPoint);
        var agent = _agents.Enter(endPoint);
        try
        {
            // First the agent's slot, then one of all: waiting for a slow agent holds nobody else up.
            await agent.Slots.WaitAsync(ct);
            try
            {
                await _slots.WaitAsync(ct);
                try
                {
                    return await AttemptAsync(new PendingRequest(target, _transport.LaneOf(endPoint)), target, question, retries, ct);
                }
                finally
                {
                    _slots.Release();
                }
            }
            finally
            {
                agent.Slots.Release();
            }
        }
        finally
        {
            _agents.Leave(agent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        End(new ObjectDisposedException(nameof(SnmpClient)));
        await _transport.DisposeAsync();
    }

    private async Task<SnmpAnswer> AttemptAsync(PendingRequest request, SnmpTarget target, SnmpPdu question, int retries, CancellationToken ct)
    {
        Counters.Started(question.Type);
        var started = _clock.GetTimestamp();
        try
        {
            for (var attempt = 0; attempt <= retries; attempt++)
            {
                if (attempt > 0)
                {
                    Counters.Retried();
                }

                Send(request, target, question);
                await ((Task)request.Task.WaitAsync(WaitOf(target, attempt), _clock, ct)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (request.Task.IsCompleted)
                {
                    var answer = await request.Task;
                    Counters.Answered(question.Type, answer.Pdu.ErrorStatus, _clock.GetElapsedTime(started));
                    return answer;
                }

                ct.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            foreach (var id in request.Ids)
            {
                _pending.TryRemove(id, out _);
            }

            Counters.Ended();
        }

        Counters.TimedOut();
        Log.TimedOut(_logger, question.Type, target.EndPoint, retries + 1);
        throw NoAnswer(target, question, request, _clock.GetElapsedTime(started));
    }

    private void Send(PendingRequest request, SnmpTarget target, SnmpPdu question)
    {
        int id;
        do
        {
            id = _ids.Next();
        }
        while (!_pending.TryAdd(id, request));
        request.Ids.Add(id);
        ThrowIfEnded(); // after the request can be found, so that an end between the two is not missed

        var message = new SnmpMessage(target.Version, request.Community, question with { RequestId = id });
        var buffer = ArrayPool<byte>.Shared.Rent(UsualDatagram);
        try
        {
            if (!SnmpMessageCodec.TryEncode(message, buffer, out var length))
            {
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = ArrayPool<byte>.Shared.Rent(LargestDatagram);
                if (!SnmpMessageCodec.TryEncode(message, buffer.AsSpan(0, LargestDatagram), out length))
                {
                    throw new SnmpException(SnmpFault.TooBig, target.EndPoint, $"{question.Type} of {question.VarBinds.Count} variables does not fit into a datagram.");
                }
            }

            _transport.Send(request.Lane, buffer.AsSpan(0, length), request.Address);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock)
        {
            // As good as lost on the way: the next attempt is the answer to both.
            Log.SendBufferFull(_logger, target.EndPoint);
        }
        catch (SocketException exception)
        {
            throw new SnmpException(SnmpFault.Unreachable, target.EndPoint, $"{question.Type} to {target} could not be sent: {exception.Message}", exception)
            {
                OutcomeUnknown = question.Type == PduType.Set && request.Ids.Count > 1,
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Gives an answer to the request it belongs to. Only the agent asked, on the socket it was asked from, with the id and community sent, is heard.</summary>
    private void Receive(int lane, ReadOnlySpan<byte> datagram, SocketAddress from)
    {
        if (!SnmpFrame.TryRead(datagram, out var frame, out _))
        {
            Counters.Dropped(DropReason.Malformed);
        }
        else if (frame.Type != PduType.Response)
        {
            Counters.Dropped(DropReason.NotAResponse);
        }
        else if (!_pending.TryGetValue(frame.RequestId, out var request))
        {
            Counters.Dropped(DropReason.Unmatched);
        }
        else if (request.Lane != lane || !request.IsFrom(from))
        {
            request.CountForeign();
            Counters.Dropped(DropReason.WrongSource);
        }
        else if (!request.HasSent(frame))
        {
            request.CountForeign();
            Counters.Dropped(DropReason.WrongCommunity);
        }
        else if (!VarBindDecoder.TryDecode(frame.VarBinds, out var varBinds, out _))
        {
            request.CountMalformed();
            Counters.Dropped(DropReason.Malformed);
        }
        else
        {
            var pdu = new SnmpPdu(frame.Type, frame.RequestId, varBinds) { ErrorStatus = (SnmpErrorStatus)frame.First, ErrorIndex = frame.Second };
            if (!request.TrySetResult(new SnmpAnswer(pdu, datagram.Length)))
            {
                Counters.Dropped(DropReason.Unmatched);
            }
        }
    }

    private void End(Exception reason)
    {
        _end ??= reason;
        foreach (var request in _pending.Values)
        {
            request.TrySetException(reason);
        }
    }

    private void ThrowIfEnded()
    {
        ObjectDisposedException.ThrowIf(_end is ObjectDisposedException, this);
        if (_end is { } reason)
        {
            throw new InvalidOperationException("The SNMP client can receive no more.", reason);
        }
    }

    /// <summary>Twice as long each time up to the cap, and up to a quarter more, so that thousands of retries do not come in step.</summary>
    private static TimeSpan WaitOf(SnmpTarget target, int attempt)
    {
        var cap = target.MaxTimeout > target.Timeout ? target.MaxTimeout : target.Timeout;
        var wait = Math.Min(target.Timeout.TotalMilliseconds * Math.Pow(2, attempt), cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 + (Random.Shared.NextDouble() / 4)));
    }

    private static SnmpException NoAnswer(SnmpTarget target, SnmpPdu question, PendingRequest request, TimeSpan elapsed)
    {
        var first = question.VarBinds.Count > 0 ? question.VarBinds[0].Oid.ToString() : "nothing";
        var what = $"{question.Type} {first} on {target}";
        var attempts = $"{request.Ids.Count} attempt(s) in {elapsed.TotalSeconds:0.0} s";
        var (fault, message) = request.Malformed > 0
            ? (SnmpFault.Malformed, $"{what}: {request.Malformed} answer(s) could not be decoded, {attempts}.")
            : request.Foreign > 0
                ? (SnmpFault.Timeout, $"{what}: {request.Foreign} answer(s) from another address, port or community than asked were not heard, {attempts}.")
                : (SnmpFault.Timeout, $"{what}: no answer, {attempts}. The agent is down, cannot be reached, or does not know the community.");
        return new SnmpException(fault, target.EndPoint, message) { OutcomeUnknown = question.Type == PduType.Set };
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Debug, "{Pdu} to {Agent} got no answer in {Attempts} attempt(s)")]
        public static partial void TimedOut(ILogger logger, PduType pdu, IPEndPoint agent, int attempts);

        [LoggerMessage(3011, LogLevel.Debug, "Send buffer full, datagram to {Agent} lost")]
        public static partial void SendBufferFull(ILogger logger, IPEndPoint agent);
    }
}
