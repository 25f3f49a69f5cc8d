using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProvisionSvc.Snmp;

/// <summary>
/// Listens for traps and informs of v1, v2c and v3 and hands them on one by one. What comes is a hint: it may bring a poll forward, it never changes a state.
/// However much comes, memory and the time of others stay bounded (reliability T3, F46).
/// </summary>
public sealed partial class SnmpNotificationReceiver : IAsyncDisposable
{
    private const int LargestDatagram = 65_535;
    private readonly SnmpNotificationOptions _options;
    private readonly ILogger _logger;
    private readonly NotificationCounters _counters = new();
    private readonly NotificationQueue _queue;
    private readonly NotificationReader _reader;
    private readonly SemaphoreSlim _waiting = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly Task _loop;
    private bool _disposed;

    /// <summary>Binds and listens from here on.</summary>
    /// <exception cref="SocketException">The port is taken, or not allowed: 162 needs a privilege.</exception>
    public SnmpNotificationReceiver(SnmpNotificationOptions options, TimeProvider? clock = null, ILogger<SnmpNotificationReceiver>? logger = null)
    {
        (_options, _logger) = (options, logger ?? NullLogger<SnmpNotificationReceiver>.Instance);
        _queue = new NotificationQueue(options, clock ?? TimeProvider.System, _counters);
        _reader = new NotificationReader(options, clock ?? TimeProvider.System);
        _socket = new Socket(options.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = options.ReceiveBuffer };
        try
        {
            _socket.Bind(options.EndPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _loop = Task.Run(ReceiveAsync);
    }

    /// <summary>Where it listens, with the port that was free when 0 was wished for.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public SnmpNotificationStatistics Statistics => _counters.Snapshot();

    /// <summary>What comes, source by source in turn, until the token is cancelled or the receiver is disposed. For one consumer at a time or several.</summary>
    public async IAsyncEnumerable<SnmpNotification> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        while (true)
        {
            try
            {
                await _waiting.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                yield break;
            }

            if (_queue.TryTake(out var notification))
            {
                yield return notification;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _reader.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram, pinned: true);
        var output = new byte[RequestEngine.LargestDatagram];
        var from = new SocketAddress(_socket.AddressFamily);
        var any = new IPEndPoint(_options.EndPoint.Address, 0);
        while (true)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token);
                Take(buffer.AsSpan(0, length), (IPEndPoint)any.Create(from), output, from);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // One datagram too long for the buffer, or an answer that could not be delivered: that sender's loss.
                Log.Failed(_logger, exception.SocketErrorCode);
            }
        }
    }

    private void Take(Span<byte> datagram, IPEndPoint from, byte[] output, SocketAddress address)
    {
        _counters.Count(NotificationFate.Received);
        if (_options.IsKnown is { } isKnown && !isKnown(from.Address))
        {
            _counters.Count(NotificationFate.UnknownSource);
            return;
        }

        if (!_queue.MaySend(from.Address))
        {
            return;
        }

        var fate = _reader.Read(datagram, from, output, out var notification, out var answer);
        _counters.Count(fate);
        if (notification is not null && _queue.Put(notification))
        {
            _waiting.Release();
        }

        if (answer > 0)
        {
            _socket.SendTo(output.AsSpan(^answer..), SocketFlags.None, address);
            if (notification is not null)
            {
                _counters.Count(NotificationFate.InformAnswered);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3030, LogLevel.Debug, "SNMP notification receiver: {Error}")]
        public static partial void Failed(ILogger logger, SocketError error);
    }
}
