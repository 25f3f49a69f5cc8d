using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Traps and informs: heard, mapped, answered, and bounded whatever comes (reliability T3, F46; RFC 3584 §3.1).</summary>
public class NotificationTests
{
    private static readonly Oid LinkDown = Oid.Parse("1.3.6.1.6.3.1.1.5.3");
    private static readonly VarBind IfIndex = new(Oid.Parse("1.3.6.1.2.1.2.2.1.1.7"), SnmpValue.Integer32(7));
    private static readonly UsmUser User = ScriptedV3Agent.User;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trap_of_v2c_is_heard()
    {
        await using var receiver = Listen();
        using var sender = new Sender(receiver);
        await sender.SendAsync(Message(PduType.TrapV2));

        var heard = await FirstAsync(receiver);
        Assert.Equal((LinkDown, TimeSpan.FromSeconds(1), false), (heard.TrapOid, heard.UpTime, heard.IsInform));
        Assert.Equal([IfIndex], heard.VarBinds);
        Assert.Equal(sender.Port, heard.From.Port);
    }

    [Fact]
    public async Task An_inform_of_v2c_is_answered_with_its_own_varbinds()
    {
        await using var receiver = Listen();
        using var sender = new Sender(receiver);
        await sender.SendAsync(Message(PduType.Inform));

        Assert.True(SnmpMessageCodec.TryDecode(await sender.ReceiveAsync(), out var answer, out var error), error);
        Assert.Equal((PduType.Response, 77, 3), (answer.Pdu.Type, answer.Pdu.RequestId, answer.Pdu.VarBinds.Count));
        Assert.True((await FirstAsync(receiver)).IsInform);
        Assert.Equal(1, receiver.Statistics.InformsAnswered);
    }

    [Theory]
    [InlineData(0, 0, "1.3.6.1.6.3.1.1.5.1")]
    [InlineData(2, 0, "1.3.6.1.6.3.1.1.5.3")]
    [InlineData(5, 0, "1.3.6.1.6.3.1.1.5.6")]
    [InlineData(6, 17, "1.3.6.1.4.1.2011.5.0.17")]
    public async Task A_trap_of_v1_takes_the_form_of_v2(int generic, int specific, string trapOid)
    {
        await using var receiver = Listen();
        using var sender = new Sender(receiver);
        await sender.SendAsync(TrapOfV1(generic, specific));

        var heard = await FirstAsync(receiver);
        Assert.Equal(Oid.Parse(trapOid), heard.TrapOid);
        Assert.Equal(TimeSpan.FromSeconds(42_949_672.95), heard.UpTime);
        Assert.Equal(
            [IfIndex, new VarBind(Oid.Parse("1.3.6.1.6.3.18.1.3.0"), SnmpValue.IpAddress(IPAddress.Parse("192.0.2.9"))),
                new VarBind(Oid.Parse("1.3.6.1.6.3.1.1.4.3.0"), SnmpValue.ObjectIdentifier(Oid.Parse("1.3.6.1.4.1.2011.5")))],
            heard.VarBinds);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(-1, 0)]
    [InlineData(6, -1)]
    public async Task A_trap_of_v1_that_RFC_1157_does_not_know_is_dropped(int generic, int specific)
    {
        await using var receiver = Listen();
        using var sender = new Sender(receiver);
        await sender.SendAsync(TrapOfV1(generic, specific));
        await Eventually.IsAsync(() => receiver.Statistics.Malformed == 1);
    }

    [Fact]
    public async Task A_trap_of_v3_is_heard_at_its_users_level_only()
    {
        await using var receiver = Listen(options => options.Users = [User]);
        using var sender = new Sender(receiver);
        var engine = new UsmAuthority(ScriptedV3Agent.EngineId, 7, [User]);
        await sender.SendAsync(Sealed(engine, SecurityLevel.NoAuthNoPriv));
        await sender.SendAsync(Sealed(engine, SecurityLevel.AuthNoPriv));
        var damaged = Sealed(engine, SecurityLevel.AuthPriv);
        damaged[^1] ^= 1;
        await sender.SendAsync(damaged);
        await sender.SendAsync(Sealed(engine, SecurityLevel.AuthPriv));

        var heard = await FirstAsync(receiver);
        Assert.Equal((User, LinkDown), (heard.User, heard.TrapOid));
        Assert.Equal((3, 1), (receiver.Statistics.NotAuthentic, receiver.Statistics.Accepted));
    }

    [Fact]
    public async Task A_trap_of_v3_from_before_a_restart_is_a_replay()
    {
        await using var receiver = Listen(options => options.Users = [User]);
        using var sender = new Sender(receiver);
        await sender.SendAsync(Sealed(new UsmAuthority(ScriptedV3Agent.EngineId, 7, [User]), SecurityLevel.AuthPriv));
        await sender.SendAsync(Sealed(new UsmAuthority(ScriptedV3Agent.EngineId, 6, [User]), SecurityLevel.AuthPriv));
        await Eventually.IsAsync(() => receiver.Statistics is { Accepted: 1, NotAuthentic: 1 });
    }

    [Fact]
    public async Task Another_community_and_an_unknown_address_are_not_heard()
    {
        await using var strict = Listen(options => options.Communities = ["secret"]);
        await using var closed = Listen(options => options.IsKnown = _ => false);
        using var first = new Sender(strict);
        using var second = new Sender(closed);
        await first.SendAsync(Message(PduType.Inform));
        await second.SendAsync(Message(PduType.Inform));

        await Eventually.IsAsync(() => strict.Statistics.NotAuthentic == 1 && closed.Statistics.UnknownSource == 1);
        Assert.Equal((0, 0), (strict.Statistics.InformsAnswered, closed.Statistics.InformsAnswered));
    }

    [Fact]
    public async Task A_source_may_send_its_burst_and_then_its_rate()
    {
        var clock = new FakeTimeProvider();
        await using var receiver = Listen(options => (options.BurstPerSource, options.RatePerSource) = (10, 5), clock);
        using var sender = new Sender(receiver);
        for (var i = 0; i < 30; i++)
        {
            await sender.SendAsync(Message(PduType.TrapV2));
        }

        await Eventually.IsAsync(() => receiver.Statistics is { Received: 30, Accepted: 10, RateLimited: 20 });
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 30; i++)
        {
            await sender.SendAsync(Message(PduType.TrapV2));
        }

        await Eventually.IsAsync(() => receiver.Statistics is { Received: 60, Accepted: 15, RateLimited: 45 });
    }

    [Fact]
    public void The_oldest_of_the_loudest_source_makes_room_and_the_quiet_one_is_heard_in_turn()
    {
        var counters = new NotificationCounters();
        var queue = new NotificationQueue(new SnmpNotificationOptions { QueueLength = 20, QueueLengthPerSource = 10, BurstPerSource = 1_000 }, new FakeTimeProvider(), counters);
        for (var i = 0; i < 50; i++)
        {
            Put(queue, "192.0.2.1", i);
        }

        Put(queue, "192.0.2.2", 99);
        var taken = new List<int>();
        while (queue.TryTake(out var notification))
        {
            taken.Add((int)notification.UpTime.TotalSeconds);
        }

        Assert.Equal([40, 99, 41, 42, 43, 44, 45, 46, 47, 48, 49], taken);
        Assert.Equal(40, counters.Snapshot().Overwritten);
    }

    [Fact]
    public void Made_up_sources_take_no_more_than_their_room()
    {
        var counters = new NotificationCounters();
        var clock = new FakeTimeProvider();
        var queue = new NotificationQueue(new SnmpNotificationOptions { MaxSources = 100 }, clock, counters);
        for (var i = 0; i < 10_000; i++)
        {
            queue.MaySend(new IPAddress(i));
        }

        Assert.Equal(9_900, counters.Snapshot().TooManySources);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(queue.MaySend(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public async Task A_flood_leaves_a_bounded_queue_and_every_datagram_in_a_counter()
    {
        await using var receiver = Listen(options => (options.QueueLengthPerSource, options.BurstPerSource, options.RatePerSource) = (100, 1_000, 0.001));
        using var sender = new Sender(receiver);
        var (trap, junk) = (Message(PduType.TrapV2), new byte[] { 0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF });
        for (var i = 0; i < 20_000; i++)
        {
            await sender.SendAsync(i % 10 == 0 ? junk : trap);
        }

        // What the kernel dropped never came; of what came, the burst is looked at and the queue holds its length.
        await Eventually.IsAsync(() => receiver.Statistics.RateLimited > 0);
        await using var quiet = Listen();
        await Eventually.IsAsync(() => receiver.Statistics is var s && s.Received == s.Accepted + s.Malformed + s.RateLimited && s.Accepted + s.Malformed == 1_000);
        var statistics = receiver.Statistics;
        Assert.Equal(statistics.Accepted - 100, statistics.Overwritten);
    }

    private static void Put(NotificationQueue queue, string source, int second)
    {
        var from = new IPEndPoint(IPAddress.Parse(source), 1_000);
        Assert.True(queue.MaySend(from.Address));
        queue.Put(new SnmpNotification(from, SnmpVersion.V2c, LinkDown, TimeSpan.FromSeconds(second), []));
    }

    private static SnmpNotificationReceiver Listen(Action<SnmpNotificationOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new SnmpNotificationOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
        change?.Invoke(options);
        return new SnmpNotificationReceiver(options, clock);
    }

    private static async Task<SnmpNotification> FirstAsync(SnmpNotificationReceiver receiver)
    {
        await foreach (var notification in receiver.ReadAllAsync(Ct))
        {
            return notification;
        }

        throw new InvalidOperationException("The receiver ended.");
    }

    private static SnmpPdu Pdu(PduType type) => new(
        type, 77, [new VarBind(SystemMib.SysUpTime, SnmpValue.TimeTicks(100)), new VarBind(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.ObjectIdentifier(LinkDown)), IfIndex]);

    private static byte[] Message(PduType type) => ScriptedAgent.Call.Encoded(new SnmpMessage(SnmpVersion.V2c, "public"u8.ToArray(), Pdu(type)));

    private static byte[] Sealed(UsmAuthority engine, SecurityLevel level)
    {
        var output = new byte[2_000];
        return output[^engine.Seal(new UsmRequest(User, level, 5, default, Pdu(PduType.TrapV2)), Pdu(PduType.TrapV2), output)..];
    }

    private static byte[] TrapOfV1(int generic, int specific)
    {
        var ifIndex = ScriptedAgent.Call.Encoded(new SnmpMessage(SnmpVersion.V1, default, new SnmpPdu(PduType.Get, 1, [IfIndex])));
        Assert.True(SnmpFrame.TryRead(ifIndex, out var frame, out _));
        var writer = new BerWriter(new byte[200]);
        writer.WriteOctets(SnmpFrame.Sequence, frame.Pdu.VarBinds);
        writer.WriteUnsigned((byte)SnmpType.TimeTicks, uint.MaxValue);
        writer.WriteSigned(2, specific);
        writer.WriteSigned(2, generic);
        writer.WriteOctets((byte)SnmpType.IpAddress, [192, 0, 2, 9]);
        writer.WriteOid(6, Oid.Parse("1.3.6.1.4.1.2011.5"));
        writer.WriteHeader((byte)PduType.TrapV1, 0);
        writer.WriteOctets(4, "public"u8);
        writer.WriteSigned(2, 0);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
        return writer.Written.ToArray();
    }

    private sealed class Sender : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        public Sender(SnmpNotificationReceiver receiver) => _socket.Connect(receiver.EndPoint);

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public async Task SendAsync(byte[] datagram) => await _socket.SendAsync(datagram, Ct);

        public async Task<byte[]> ReceiveAsync()
        {
            var buffer = new byte[2_000];
            return buffer[..await _socket.ReceiveAsync(buffer, Ct)];
        }

        public void Dispose() => _socket.Dispose();
    }
}
