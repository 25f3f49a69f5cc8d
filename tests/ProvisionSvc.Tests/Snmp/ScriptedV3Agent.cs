using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>A v3 engine on a free loopback port that answers rightly, unless the test's script does something else with a datagram.</summary>
internal sealed class ScriptedV3Agent : IAsyncDisposable
{
    public static readonly byte[] EngineId = UsmAuthority.MakeEngineId(8_072, "agent-1"u8);
    public static readonly UsmUser User = new("perf", AuthProtocol.HmacSha256, "authpassword", PrivProtocol.Aes128, "privpassword");
    private static readonly Mib Mib = new([new VarBind(SystemMib.SysName, SnmpValue.OctetString("sw-12"))]);
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Call, Task> _script;
    private readonly Task _loop;
    private int _number;

    public ScriptedV3Agent(Func<Call, Task>? script = null, int boots = 7, UsmUser? user = null, byte[]? engineId = null, TimeProvider? clock = null)
    {
        _script = script ?? (call => call.AnswerAsync());
        Authority = new UsmAuthority(engineId ?? EngineId, boots, [user ?? User], clock);
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _loop = Task.Run(ListenAsync);
    }

    /// <summary>The engine; a test may put another in its place, as a restart or an exchange of hardware does.</summary>
    public UsmAuthority Authority { get; set; }

    public int Datagrams => Volatile.Read(ref _number);

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public SnmpTarget Target => new(EndPoint) { Timeout = TimeSpan.FromSeconds(20), Retries = 0, Security = new SnmpV3Security(User) };

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
                await _script(new Call(this, buffer[..received.ReceivedBytes], received.RemoteEndPoint, Interlocked.Increment(ref _number)));
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>One datagram that came, the how-manieth, and ways to answer it.</summary>
    internal sealed class Call
    {
        private readonly ScriptedV3Agent _agent;

        public Call(ScriptedV3Agent agent, byte[] datagram, EndPoint from, int number)
        {
            (_agent, Datagram, From, Number) = (agent, datagram, from, number);
            Assert.True(V3Frame.TryRead(datagram, out var frame, out _));
            (MsgId, Level, IsDiscovery) = (frame.MsgId, frame.Level, frame.EngineId.IsEmpty);
            var output = new byte[65_507];
            if (agent.Authority.TryOpen(datagram.ToArray(), output, out var request, out var report))
            {
                (Request, RightAnswer) = (request, Seal(Answer(request), request));
            }
            else
            {
                RightAnswer = output[^report..];
            }
        }

        public byte[] Datagram { get; }

        public EndPoint From { get; }

        public int Number { get; }

        public int MsgId { get; }

        public SecurityLevel Level { get; }

        public bool IsDiscovery { get; }

        /// <summary>The request when the engine accepts it.</summary>
        public UsmRequest? Request { get; }

        /// <summary>What an honest engine sends: the response, or a Report.</summary>
        public byte[] RightAnswer { get; }

        public Task AnswerAsync() => SendAsync(RightAnswer);

        public async Task SendAsync(byte[] datagram) => await _agent._socket.SendToAsync(datagram, SocketFlags.None, From);

        public static SnmpPdu Answer(UsmRequest request) => Mib.Answer(new SnmpMessage(SnmpVersion.V2c, default, request.Pdu)).Pdu;

        public byte[] Seal(SnmpPdu answer, UsmRequest? request = null, UsmAuthority? authority = null)
        {
            var output = new byte[65_507];
            return output[^(authority ?? _agent.Authority).Seal(request ?? Request!, answer, output)..];
        }

        /// <summary>A Report without proof, as anybody can make it who saw the request.</summary>
        public byte[] ForgedReport(Oid counter, byte[] engineId, int boots, int time)
        {
            var plain = new byte[1_000];
            var writer = new BerWriter(plain);
            SnmpMessageCodec.WritePdu(ref writer, new SnmpPdu(PduType.Report, MsgId, [new VarBind(counter, SnmpValue.Counter32(1))]), MsgId);
            UsmMessage.EndScopedPdu(ref writer, engineId, []);
            var output = new byte[1_000];
            var header = new UsmHeader { MsgId = MsgId, EngineId = engineId, Boots = boots, Time = time, User = "perf"u8 };
            return output[^UsmMessage.Seal(output, header, null, writer.Written)..];
        }
    }
}
