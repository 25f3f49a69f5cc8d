using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.Snmp;

/// <summary>
/// The Linux transport: a thread per lane that takes many datagrams per system call, and sends those that follow from them the same way. What other
/// threads send goes out at once by itself.
/// </summary>
internal sealed partial class BatchTransport : IDatagramTransport
{
    private const int LargestDatagram = 65_535;
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReceiveTimeout = 20; // SO_RCVTIMEO
    [ThreadStatic]
    private static Lane? _own;
    private readonly SnmpClientOptions _options;
    private readonly DatagramReceiver _receiver;
    private readonly Action<Exception> _broken;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Lane?[] _lanes;
    private volatile bool _isStopping;

    public BatchTransport(SnmpClientOptions options, DatagramReceiver receiver, Action<Exception> broken, ILogger logger)
    {
        if (!LinuxSockets.IsSupported)
        {
            throw new PlatformNotSupportedException("Batches need recvmmsg and sendmmsg of 64-bit Linux.");
        }

        (_options, _receiver, _broken, _logger) = (options, receiver, broken, logger);
        _lanes = new Lane?[options.Sockets * 2];
    }

    public string Name => "recvmmsg and sendmmsg";

    public int LaneOf(IPEndPoint agent)
    {
        var lane = (int)((uint)agent.GetHashCode() % (uint)_options.Sockets);
        return agent.AddressFamily == AddressFamily.InterNetworkV6 ? lane + _options.Sockets : lane;
    }

    public void Send(int lane, ReadOnlySpan<byte> datagram, SocketAddress to)
    {
        var open = Volatile.Read(ref _lanes[lane]) ?? Open(lane);
        if (_own != open || datagram.Length > open.Outgoing.DatagramSize)
        {
            open.Socket.SendTo(datagram, SocketFlags.None, to);
            return;
        }

        // On the lane's own thread: collected, and sent when the batch that was received is done with.
        if (open.Outgoing.Count == DatagramBatch.Most)
        {
            Flush(open);
        }

        open.Outgoing.Put(datagram, to.Buffer.Span[..to.Size]);
    }

    public async ValueTask DisposeAsync()
    {
        Lane[] open;
        lock (_lock)
        {
            _isStopping = true;
            open = [.. _lanes.OfType<Lane>()];
        }

        foreach (var lane in open)
        {
            lane.Wake();
        }

        foreach (var lane in open)
        {
            await lane.Ended.Task;
            lane.Dispose();
        }

        lock (_lock)
        {
            Array.Clear(_lanes);
        }
    }

    private Lane Open(int number)
    {
        lock (_lock)
        {
            if (_lanes[number] is { } open)
            {
                return open;
            }

            ObjectDisposedException.ThrowIf(_isStopping, this);
            var local = number < _options.Sockets ? _options.LocalAddress : _options.LocalAddressV6;
            var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = _options.ReceiveBuffer };

            // Half a second as seconds and microseconds: a lost wake-up delays the end by no more.
            socket.SetRawSocketOption(SocketLevel, ReceiveTimeout, MemoryMarshal.AsBytes<long>([0, 500_000]));
            socket.Bind(new IPEndPoint(local, 0));
            Log.Opened(_logger, socket.LocalEndPoint, Name, socket.ReceiveBufferSize);
            var lane = new Lane(number, socket);
            Volatile.Write(ref _lanes[number], lane);
            new Thread(() => Run(lane)) { IsBackground = true, Name = $"snmp-{number}" }.Start();
            return lane;
        }
    }

    private void Run(Lane lane)
    {
        _own = lane;
        try
        {
            while (!_isStopping)
            {
                Receive(lane);
                Flush(lane);
            }
        }
#pragma warning disable CA1031 // Not swallowed: every request now under way and every later one fails with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Broken(_logger, exception);
            _broken(exception);
        }
        finally
        {
            _own = null;
            lane.Ended.SetResult();
        }
    }

    private unsafe void Receive(Lane lane)
    {
        var batch = lane.Incoming;
        var count = LinuxSockets.Receive(lane.Descriptor, batch.Messages, DatagramBatch.Most, LinuxSockets.WaitForOne, 0);
        if (count < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error is not (LinuxSockets.Interrupted or LinuxSockets.TryAgain))
            {
                throw new SocketException(error);
            }

            return;
        }

        for (var i = 0; i < count && !_isStopping; i++)
        {
            _receiver(lane.Number, batch.Datagram(i), batch.Name(i));
            batch.Reset(i);
        }
    }

    private unsafe void Flush(Lane lane)
    {
        var batch = lane.Outgoing;
        for (var sent = 0; sent < batch.Count;)
        {
            var count = LinuxSockets.Send(lane.Descriptor, batch.Messages + sent, (uint)(batch.Count - sent), 0);
            if (count > 0)
            {
                sent += count;
            }
            else if (Marshal.GetLastPInvokeError() is var error and not LinuxSockets.Interrupted)
            {
                // One that cannot be sent is as good as lost: its next attempt goes out alone and hears the reason.
                Log.NotSent(_logger, error);
                sent++;
            }
        }

        batch.Count = 0;
    }

    private sealed class Lane(int number, Socket socket) : IDisposable
    {
        public int Number => number;

        public Socket Socket => socket;

        public int Descriptor { get; } = (int)socket.Handle;

        public DatagramBatch Incoming { get; } = new(LargestDatagram);

        public DatagramBatch Outgoing { get; } = new(RequestEngine.UsualDatagram);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>An empty datagram to itself ends the wait.</summary>
        public void Wake()
        {
            var local = (IPEndPoint)socket.LocalEndPoint!;
            var any = local.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : local.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : local.Address;
            try
            {
                socket.SendTo([], SocketFlags.None, new IPEndPoint(any, local.Port));
            }
            catch (SocketException)
            {
                // Then the receive timeout ends it.
            }
        }

        public void Dispose()
        {
            socket.Dispose();
            Incoming.Dispose();
            Outgoing.Dispose();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "SNMP speaks from {LocalEndPoint} by {Transport}, receive buffer {ReceiveBuffer} octets")]
        public static partial void Opened(ILogger logger, EndPoint? localEndPoint, string transport, int receiveBuffer);

        [LoggerMessage(3003, LogLevel.Critical, "SNMP can receive no more")]
        public static partial void Broken(ILogger logger, Exception exception);

        [LoggerMessage(3004, LogLevel.Debug, "SNMP datagram not sent, error {Error}")]
        public static partial void NotSent(ILogger logger, int error);
    }
}
