using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Polling;

/// <summary>Sends v2c traps from an address of the loopback network.</summary>
internal sealed class TrapSender : IDisposable
{
    private static readonly Oid SysUpTime = new(1, 3, 6, 1, 2, 1, 1, 3, 0);
    private static readonly Oid SnmpTrapOid = new(1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public TrapSender(IPEndPoint receiver, IPAddress from)
    {
        _socket.Bind(new IPEndPoint(from, 0));
        _socket.Connect(receiver);
    }

    public void Send(Oid trap) => Send(Encoded(trap));

    public void Send(ReadOnlySpan<byte> datagram) => _socket.Send(datagram);

    public void Dispose() => _socket.Dispose();

    public static byte[] Encoded(Oid trap)
    {
        VarBind[] varBinds = [new(SysUpTime, SnmpValue.TimeTicks(4_200)), new(SnmpTrapOid, SnmpValue.ObjectIdentifier(trap)), new(new Oid(1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 7), SnmpValue.Integer32(7))];
        var buffer = new byte[1_024];
        return SnmpMessageCodec.TryEncode(new SnmpMessage(SnmpVersion.V2c, "public"u8.ToArray(), new SnmpPdu(PduType.TrapV2, 1, varBinds)), buffer, out var length)
            ? buffer[..length]
            : throw new InvalidOperationException("It fits.");
    }
}

/// <summary>A bounded number of traps at a steady rate, from many addresses in turn, on a thread of its own.</summary>
internal sealed class TrapFlood : IDisposable
{
    private readonly TrapSender[] _senders;
    private readonly byte[] _trap;
    private readonly int _rate;
    private readonly int _count;
    private readonly Task _running;
    private volatile bool _isStopping;
    private int _sent;

    public TrapFlood(IPEndPoint receiver, IReadOnlyList<IPAddress> from, Oid trap, int perSecond, int count)
    {
        (_senders, _trap, _rate, _count) = ([.. from.Select(address => new TrapSender(receiver, address))], TrapSender.Encoded(trap), perSecond, count);
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public int Sent => Volatile.Read(ref _sent);

    public TimeSpan Lasted { get; private set; }

    public bool IsOver => _running.IsCompleted;

    public Task EndAsync() => _running;

    public void Dispose()
    {
        _isStopping = true;
        _running.GetAwaiter().GetResult();
        foreach (var sender in _senders)
        {
            sender.Dispose();
        }
    }

    private void Run()
    {
        var started = Stopwatch.GetTimestamp();
        using var pause = new ManualResetEventSlim();
        while (_sent < _count && !_isStopping)
        {
            var due = Math.Min(_count, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * _rate));
            if (_sent >= due)
            {
                pause.Wait(1);
            }

            for (; _sent < due; Volatile.Write(ref _sent, _sent + 1))
            {
                _senders[_sent % _senders.Length].Send(_trap);
            }
        }

        Lasted = Stopwatch.GetElapsedTime(started);
    }
}
