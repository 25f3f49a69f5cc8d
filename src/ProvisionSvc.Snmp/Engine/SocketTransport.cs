using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.Snmp;

/// <summary>The portable transport: asynchronous sockets, opened when an address family is first spoken.</summary>
internal sealed partial class SocketTransport : IDatagramTransport
{
    private const int LargestDatagram = 65_535;
    private readonly SnmpClientOptions _options;
    private readonly DatagramReceiver _receiver;
    private readonly Action<Exception> _broken;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly Lock _lock = new();
    private readonly Socket?[] _sockets;
    private bool _disposed;

    public SocketTransport(SnmpClientOptions options, DatagramReceiver receiver, Action<Exception> broken, ILogger logger)
    {
        (_options, _receiver, _broken, _logger) = (options, receiver, broken, logger);
        _sockets = new Socket?[options.Sockets * 2];
    }

    public string Name => "asynchronous sockets";

    public int LaneOf(IPEndPoint agent)
    {
        var lane = (int)((uint)agent.GetHashCode() % (uint)_options.Sockets);
        return agent.AddressFamily == AddressFamily.InterNetworkV6 ? lane + _options.Sockets : lane;
    }

    public void Send(int lane, ReadOnlySpan<byte> datagram, SocketAddress to) =>
        (Volatile.Read(ref _sockets[lane]) ?? Open(lane)).SendTo(datagram, SocketFlags.None, to);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _stop.CancelAsync();
        Task[] loops;
        lock (_lock)
        {
            loops = [.. _loops];
        }

        await Task.WhenAll(loops);
        foreach (var socket in _sockets)
        {
            socket?.Dispose();
        }

        _stop.Dispose();
    }

    private Socket Open(int lane)
    {
        lock (_lock)
        {
            if (_sockets[lane] is { } open)
            {
                return open;
            }

            ObjectDisposedException.ThrowIf(_disposed, this);
            var local = lane < _options.Sockets ? _options.LocalAddress : _options.LocalAddressV6;
            var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = _options.ReceiveBuffer };
            socket.Bind(new IPEndPoint(local, 0));
            Log.Opened(_logger, socket.LocalEndPoint, socket.ReceiveBufferSize);
            _loops.Add(Task.Run(() => ReceiveAsync(lane, socket, _stop.Token)));
            Volatile.Write(ref _sockets[lane], socket);
            return socket;
        }
    }

    private async Task ReceiveAsync(int lane, Socket socket, CancellationToken ct)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var from = new SocketAddress(socket.AddressFamily);
        try
        {
            while (true)
            {
                try
                {
                    var length = await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, ct);
                    _receiver(lane, buffer.AsSpan(0, length), from.Buffer.Span[..from.Size]);
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused
                    or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.MessageSize)
                {
                    // Somebody's ICMP message about one datagram: that request times out by itself, the others go on.
                    Log.ReceiveFailed(_logger, exception.SocketErrorCode);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Disposed.
        }
#pragma warning disable CA1031 // Not swallowed: every request now under way and every later one fails with it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.Broken(_logger, exception);
            _broken(exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "SNMP speaks from {LocalEndPoint} by asynchronous sockets, receive buffer {ReceiveBuffer} octets")]
        public static partial void Opened(ILogger logger, EndPoint? localEndPoint, int receiveBuffer);

        [LoggerMessage(3002, LogLevel.Debug, "SNMP receive failed: {Error}")]
        public static partial void ReceiveFailed(ILogger logger, SocketError error);

        [LoggerMessage(3003, LogLevel.Critical, "SNMP can receive no more")]
        public static partial void Broken(ILogger logger, Exception exception);
    }
}
