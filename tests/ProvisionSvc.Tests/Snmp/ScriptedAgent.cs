using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>An agent on a free loopback port that does with each request what the test's script says.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Call, Task> _script;
    private readonly Task _loop;

    public ScriptedAgent(Func<Call, Task> script, IPAddress? address = null)
    {
        var local = new IPEndPoint(address ?? IPAddress.Loopback, 0);
        _script = script;
        _socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Bind(local);
        _loop = Task.Run(ListenAsync);
    }

    /// <summary>Answers every request from a MIB.</summary>
    public ScriptedAgent(Mib mib, IPAddress? address = null)
        : this(call => call.SendAsync(mib.Answer(call.Request)), address)
    {
    }

    public ConcurrentQueue<SnmpMessage> Requests { get; } = new();

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Asked quickly and once, unless the test wants otherwise.</summary>
    public SnmpTarget Target => new(EndPoint) { Timeout = TimeSpan.FromSeconds(5), Retries = 0, Community = "lab" };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[65_535];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, EndPoint, _stop.Token);
                if (SnmpMessageCodec.TryDecode(buffer.AsSpan(0, received.ReceivedBytes), out var request, out _))
                {
                    Requests.Enqueue(request);
                    await _script(new Call(this, request, received.RemoteEndPoint, Requests.Count));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One request that came, the how-manieth, and ways to answer it.</summary>
    internal sealed record Call(ScriptedAgent Agent, SnmpMessage Request, EndPoint From, int Number)
    {
        public Task SendAsync(SnmpMessage answer) => SendAsync(Encoded(answer));

        public async Task SendAsync(byte[] datagram) => await Agent._socket.SendToAsync(datagram, SocketFlags.None, From);

        /// <summary>The same answer from another port than was asked.</summary>
        public async Task SendFromElsewhereAsync(SnmpMessage answer)
        {
            using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            await other.SendToAsync(Encoded(answer), SocketFlags.None, From);
        }

        public static byte[] Encoded(SnmpMessage message)
        {
            var buffer = new byte[65_507];
            Assert.True(SnmpMessageCodec.TryEncode(message, buffer, out var length));
            return buffer[..length];
        }
    }
}
