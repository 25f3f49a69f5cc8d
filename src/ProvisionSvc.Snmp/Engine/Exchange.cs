using System.Net.Sockets;

namespace ProvisionSvc.Snmp;

/// <summary>
/// A question under way: attempts with an id each, a timer, and what an answer must look like to be one. Driven by the receiving thread and the timer;
/// knows nothing of what is asked. An object may ask many questions one after the other, and be used again after an end.
/// </summary>
internal abstract partial class Exchange : IDisposable
{
    private const double Slack = 5; // ms: timers and timestamps are different clocks
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private readonly RequestEngine _engine;
    private readonly Lock _lock = new();
    private readonly List<int> _ids = new(4);
    private readonly ITimer _timer;
    private SnmpTarget _target = null!;
    private Agent _agent = null!;
    private byte[] _community = [];
    private int _lane;
    private int _attempt;
    private int _retries;
    private int _foreign;
    private int _malformed;
    private long _asked; // timestamps
    private long _due;
    private long _armed; // when the timer will fire; 0 when it will not
    private bool _isActive;
    private bool _isEarly; // the wait under way is the agent's usual one, not the first attempt's

    protected Exchange(RequestEngine engine)
    {
        _engine = engine;
        _timer = engine.Clock.CreateTimer(static state => ((Exchange)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    protected RequestEngine Engine => _engine;

    protected SnmpTarget Target => _target;

    protected Agent Agent => _agent;

    protected abstract PduType Type { get; }

    /// <summary>What the question is about, for messages.</summary>
    protected abstract string About { get; }

    /// <summary>Writes the PDU of the question.</summary>
    protected abstract void WritePdu(ref BerWriter writer, int requestId);

    /// <summary>An answer that is one. False when its varbinds cannot be decoded: then the question still waits. Under the lock.</summary>
    protected abstract bool TryTake(in PduFrame answer, int octets);

    /// <summary>No answer will come. Under the lock.</summary>
    protected abstract void Failed(Exception reason);

    /// <summary>Before the first question of a use.</summary>
    protected void Use(SnmpTarget target, Agent agent, int retries)
    {
        (_target, _agent, _retries) = (target, agent, retries);
        _lane = _engine.Transport.LaneOf(agent.EndPoint);
        _community = target.Security is null ? agent.CommunityOf(target.Community) : [];
        ResetSecurity();
    }

    public void Start()
    {
        lock (_lock)
        {
            Ask();
        }
    }

    /// <summary>Ends a question that is under way; nothing happens to one that has ended.</summary>
    public void Abort(Exception reason)
    {
        lock (_lock)
        {
            if (_isActive)
            {
                Fail(reason);
            }
        }
    }

    /// <summary>An answer of v1 or v2c. Only the agent asked, on the socket it was asked from, with the id, version and community sent, is heard.</summary>
    public DropReason? Receive(int lane, ReadOnlySpan<byte> from, in SnmpFrame frame, int octets)
    {
        lock (_lock)
        {
            if (!_isActive || !_ids.Contains(frame.Pdu.RequestId))
            {
                return DropReason.Unmatched;
            }

            if (!IsFromAgent(lane, from))
            {
                _foreign++;
                return DropReason.WrongSource;
            }

            if (frame.Version != _target.Version || !frame.Community.SequenceEqual(_community))
            {
                _foreign++;
                return DropReason.WrongCommunity;
            }

            return Take(frame.Pdu, octets);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>The question, from the first attempt on. Under the lock.</summary>
    protected void Ask()
    {
        (_attempt, _foreign, _malformed, _isActive, _isEarly) = (0, 0, 0, true, _retries > 0);
        _asked = _engine.Clock.GetTimestamp();
        _engine.Counters.Started(Type);
        Attempt();
    }

    private DropReason? Take(in PduFrame answer, int octets)
    {
        // Forget first: an answer may bring the next question, and its ids, with it.
        var (elapsed, isFirst) = (_engine.Clock.GetElapsedTime(_asked), _ids.Count == 1);
        _isActive = false;
        if (!TryTake(answer, octets))
        {
            _isActive = true;
            _malformed++;
            return DropReason.Malformed;
        }

        if (isFirst)
        {
            _agent.Measured(elapsed);
        }

        _engine.Counters.Answered(Type, (SnmpErrorStatus)answer.First, elapsed);
        return null;
    }

    /// <summary>The question has its answer. Called by TryTake before it asks the next one or gives the result away.</summary>
    protected void Settle()
    {
        foreach (var id in _ids)
        {
            _engine.Pending.Remove(id);
        }

        _ids.Clear();
        _engine.Counters.Ended();
    }

    private void Fail(Exception reason)
    {
        _isActive = false;
        Settle();
        Failed(reason);
    }

    private void Attempt()
    {
        int id;
        do
        {
            id = _engine.Ids.Next();
        }
        while (!_engine.Pending.TryAdd(id, this));
        _ids.Add(id);
        if (_engine.WhyEnded() is { } end)
        {
            // Looked at after the exchange can be found, so that an end between the two is not missed.
            Fail(end);
            return;
        }

        if (Send(id) is { } failure)
        {
            Fail(failure);
            return;
        }

        // Where the agent's usual time is known a lost datagram is asked for again early: one attempt more, and the patience of the others as before.
        var wait = WaitOf(_target, _attempt);
        _isEarly = _isEarly && _agent.UsualWait is { } usual && (usual > ShortestWait ? usual : ShortestWait) < wait;
        if (_isEarly)
        {
            wait = _agent.UsualWait > ShortestWait ? _agent.UsualWait.Value : ShortestWait;
        }

        _due = _engine.Clock.GetTimestamp() + (long)(wait.TotalSeconds * _engine.Clock.TimestampFrequency);
        if (_armed == 0 || _armed > _due)
        {
            _armed = _due;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private Exception? Send(int id)
    {
        Span<byte> buffer = stackalloc byte[RequestEngine.UsualDatagram];
        try
        {
            var length = Write(buffer, id);
            if (length > 0)
            {
                _engine.Transport.Send(_lane, buffer[^length..], _agent.Address);
                return null;
            }

            var larger = new byte[RequestEngine.LargestDatagram];
            length = Write(larger, id);
            if (length == 0)
            {
                return new SnmpException(SnmpFault.TooBig, _target.EndPoint, $"{About} on {_target} does not fit into a datagram.");
            }

            _engine.Transport.Send(_lane, larger.AsSpan(^length..), _agent.Address);
            return null;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock)
        {
            // As good as lost on the way: the next attempt is the answer to both.
            _engine.SendBufferFull(_agent.EndPoint);
            return null;
        }
        catch (SocketException exception)
        {
            return new SnmpException(SnmpFault.Unreachable, _target.EndPoint, $"{About} to {_target} could not be sent: {exception.Message}", exception)
            {
                OutcomeUnknown = Type == PduType.Set && _ids.Count > 1,
            };
        }
#pragma warning disable CA1031 // Not swallowed: whoever asked gets it. Thrown here it would end the receiving thread or the timer's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception;
        }
    }

    /// <summary>Writes the datagram at the end of the buffer; 0 when it does not fit.</summary>
    private int Write(Span<byte> buffer, int id)
    {
        if (_target.Security is { } security)
        {
            return WriteV3(buffer, id, security);
        }

        var writer = new BerWriter(buffer);
        WritePdu(ref writer, id);
        writer.WriteOctets((byte)SnmpType.OctetString, _community);
        writer.WriteSigned((byte)SnmpType.Integer32, (int)_target.Version);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
        return writer.Overflowed ? 0 : writer.Length;
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _armed = 0;
            if (!_isActive)
            {
                return;
            }

            var left = _engine.Clock.GetElapsedTime(_engine.Clock.GetTimestamp(), _due);
            if (left.TotalMilliseconds > Slack)
            {
                // The timer was left as it was for an earlier question.
                _armed = _due;
                _timer.Change(left, Timeout.InfiniteTimeSpan);
            }
            else if ((_isEarly || _attempt < _retries) && !IsRefused)
            {
                _attempt += _isEarly ? 0 : 1;
                _isEarly = false;
                _engine.Counters.Retried();
                Attempt();
            }
            else
            {
                _engine.TimedOut(Type, _agent.EndPoint, _attempt + 1);
                Fail(NoAnswer());
            }
        }
    }

    /// <summary>Same address and port as asked, on the socket asked from; the layout of sockaddr_in and sockaddr_in6 is the same wherever .NET runs.</summary>
    private bool IsFromAgent(int lane, ReadOnlySpan<byte> came)
    {
        ReadOnlySpan<byte> asked = _agent.Address.Buffer.Span;
        return lane == _lane && came.Length >= 8 && asked[..4].SequenceEqual(came[..4])
            && (_agent.Address.Family == AddressFamily.InterNetwork ? asked[4..8].SequenceEqual(came[4..8]) : came.Length >= 24 && asked[8..24].SequenceEqual(came[8..24]));
    }

    /// <summary>Twice as long each time up to the cap, and up to a quarter more, so that thousands of retries do not come in step.</summary>
    private static TimeSpan WaitOf(SnmpTarget target, int attempt)
    {
        var cap = target.MaxTimeout > target.Timeout ? target.MaxTimeout : target.Timeout;
        var wait = Math.Min(target.Timeout.TotalMilliseconds * Math.Pow(2, attempt), cap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(wait * (1 + (Random.Shared.NextDouble() / 4)));
    }

    private SnmpException NoAnswer()
    {
        var what = $"{About} on {_target}";
        var attempts = $"{_ids.Count} attempt(s) in {_engine.Clock.GetElapsedTime(_asked).TotalSeconds:0.0} s";
        var (fault, message) = WhyRefused() is { } refusal ? (refusal.Fault, $"{what}: {refusal.Meaning}, {attempts}.")
            : _malformed > 0 ? (SnmpFault.Malformed, $"{what}: {_malformed} answer(s) could not be decoded, {attempts}.")
            : _foreign > 0 ? (SnmpFault.Timeout, $"{what}: {_foreign} answer(s) from another address, port, community or engine than asked were not heard, {attempts}.")
            : (SnmpFault.Timeout, $"{what}: no answer, {attempts}. The agent is down, cannot be reached, or does not know the community or user.");
        return new SnmpException(fault, _target.EndPoint, message) { OutcomeUnknown = Type == PduType.Set };
    }
}
