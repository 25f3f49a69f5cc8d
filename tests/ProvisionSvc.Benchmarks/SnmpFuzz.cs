using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Benchmarks;

/// <summary>Mutated datagrams of every kind through decoder and engine: nothing thrown, nothing slow, memory flat, and the right answer behind them still taken.</summary>
internal static class SnmpFuzz
{
    private const double Slow = 10; // ms
    private const int PerQuestion = 50;
    private static readonly UsmUser User = new("fuzz", AuthProtocol.HmacSha256, "authpassword", PrivProtocol.Aes128, "privpassword");
    private static readonly IPEndPoint Agent = new(IPAddress.Loopback, 161);
    private static readonly VarBind[] Answer =
    [
        new(SystemMib.SysName, SnmpValue.OctetString("sw-12")),
        new(SystemMib.SysObjectId, SnmpValue.ObjectIdentifier(new Oid(1, 3, 6, 1, 4, 1, 2011, uint.MaxValue))),
        new(IfMib.IfHCInOctets.Append(7), SnmpValue.Counter64(ulong.MaxValue)),
        new(IfMib.IfSpeed.Append(7), SnmpValue.Gauge32(1_000_000_000)),
        new(IfMib.IfAdminStatus.Append(7), SnmpValue.Integer32(-1)),
    ];

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var (count, seed) = (options.Int("count", 1_000_000), options.Int("seed", 1));
        var hasFailed = false;
        foreach (var kind in options.Text("kinds", "response,report,v3,trap").Split(','))
        {
            var campaign = new Campaign(new Mutator(seed));
            var started = Stopwatch.GetTimestamp();
            var settled = kind == "trap" ? Traps(campaign, count) : await AnswersAsync(campaign, kind, count, ct);
            hasFailed |= campaign.Thrown > 0 || campaign.SlowOnes > 0 || !settled || campaign.GrownKiB > 8 * 1024;
            Console.WriteLine(
                $"kind={kind} datagrams={campaign.Count} exceptions={campaign.Thrown} slow={campaign.SlowOnes} worst_ms={campaign.Worst:0.000} grown_kib={campaign.GrownKiB} "
                + $"answered={(settled ? "all" : "no")} seconds={Stopwatch.GetElapsedTime(started).TotalSeconds:0.0}");
        }

        return hasFailed ? 3 : 0;
    }

    /// <summary>One datagram through the decoders alone: what the SharpFuzz target calls.</summary>
    public static void Decode(ReadOnlySpan<byte> datagram)
    {
        _ = SnmpMessageCodec.TryDecode(datagram, out _, out _);
        if (V3Frame.TryRead(datagram, out var frame, out _) && ScopedPdu.TryRead(frame.Data, out var scoped))
        {
            _ = scoped.Pdu.TryDecode(out _, out _);
        }

        if (SnmpFrame.TryOpen(datagram, out _, out _, out _, out var pdu, out _))
        {
            _ = TrapV1.TryRead(pdu, out _, out _, out _);
        }
    }

    private static async Task<bool> AnswersAsync(Campaign campaign, string kind, int count, CancellationToken ct)
    {
        using var authority = new UsmAuthority(UsmAuthority.MakeEngineId(8_072, "fuzzed"u8), 5, [User]);
        var wire = new Wire(authority, campaign, kind);
        await using var engine = new RequestEngine(new SnmpClientOptions(), TimeProvider.System, NullLogger.Instance, (receiver, _) => wire.With(receiver));
        var target = new SnmpTarget(Agent) { Timeout = TimeSpan.FromSeconds(30), Security = kind == "response" ? null : new SnmpV3Security(User) };
        var question = new SnmpPdu(PduType.Get, 0, [.. Answer.Select(varBind => VarBind.Asking(varBind.Oid))]);
        for (var i = 0; i < count / PerQuestion; i++)
        {
            try
            {
                _ = await engine.AskAsync(target, question, 0, ct);
            }
            catch (SnmpException)
            {
                // A mutation that is right in all that can be checked, such as a proven Report of an odd counter, may end the question.
            }
        }

        while (wire.IsBusy)
        {
            await Task.Delay(1, ct); // a mutation that is right in all that can be checked ended the question before the right answer came
        }

        return wire.Answered >= count / PerQuestion;
    }

    private static bool Traps(Campaign campaign, int count)
    {
        using var reader = new NotificationReader(new SnmpNotificationOptions { Users = [User] }, TimeProvider.System);
        using var sender = new UsmAuthority(UsmAuthority.MakeEngineId(8_072, "sender"u8), 5, [User]);
        VarBind[] varBinds = [new(SystemMib.SysUpTime, SnmpValue.TimeTicks(5)), new(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.ObjectIdentifier(new Oid(1, 3, 6, 1, 6, 3, 1, 1, 5, 3))), .. Answer];
        var output = new byte[RequestEngine.LargestDatagram];
        byte[][] seeds =
        [
            Community(new SnmpMessage(SnmpVersion.V2c, "public"u8.ToArray(), new SnmpPdu(PduType.TrapV2, 7, varBinds))),
            Community(new SnmpMessage(SnmpVersion.V2c, "public"u8.ToArray(), new SnmpPdu(PduType.Inform, 7, varBinds))),
            V1Trap(),
            output[^sender.Seal(new UsmRequest(User, SecurityLevel.AuthPriv, 9, default, new SnmpPdu(PduType.TrapV2, 7, [])), new SnmpPdu(PduType.TrapV2, 7, varBinds), output)..],
        ];
        for (var i = 0; i < count; i++)
        {
            campaign.Try(seeds[i % seeds.Length], datagram =>
            {
                Decode(datagram);
                _ = reader.Read(datagram, Agent, output, out _, out _);
            });
        }

        return true;
    }

    private static byte[] V1Trap()
    {
        var writer = new BerWriter(new byte[200]);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
        writer.WriteUnsigned((byte)SnmpType.TimeTicks, 4_000_000_000);
        writer.WriteSigned((byte)SnmpType.Integer32, 17);
        writer.WriteSigned((byte)SnmpType.Integer32, 6);
        writer.WriteOctets((byte)SnmpType.IpAddress, [10, 127, 0, 1]);
        writer.WriteOid((byte)SnmpType.ObjectIdentifier, new Oid(1, 3, 6, 1, 4, 1, 8072));
        writer.WriteHeader((byte)PduType.TrapV1, 0);
        writer.WriteOctets((byte)SnmpType.OctetString, "public"u8);
        writer.WriteSigned((byte)SnmpType.Integer32, 0);
        writer.WriteHeader(SnmpFrame.Sequence, 0);
        return writer.Written.ToArray();
    }

    private static byte[] Community(SnmpMessage message)
    {
        var buffer = new byte[2_048];
        return SnmpMessageCodec.TryEncode(message, buffer, out var length) ? buffer[..length] : throw new InvalidOperationException("It fits.");
    }

    /// <summary>Mutates, measures, counts.</summary>
    private sealed class Campaign(Mutator mutator)
    {
        private long _base;

        public int Count { get; private set; }

        public int Thrown { get; private set; }

        public int SlowOnes { get; private set; }

        public double Worst { get; private set; }

        public long GrownKiB { get; private set; }

        public void Try(byte[] seed, Action<byte[]> use) => Try(seed, static mutated => mutated, use);

        public void Try(byte[] seed, Func<byte[], byte[]> wrap, Action<byte[]> use)
        {
            var mutated = wrap(mutator.Mutate(seed));
            var best = Once(mutated, use);
            for (var again = 0; again < 2 && best > Slow; again++)
            {
                best = Math.Min(best, Once(mutated, use));
            }

            Worst = Math.Max(Worst, best);
            SlowOnes += best > Slow ? 1 : 0;
            Count++;
            if (Count % 100_000 == 0)
            {
                // The first look is the base: by then everything that is kept is there.
                var now = GC.GetTotalMemory(forceFullCollection: true);
                _base = _base == 0 ? now : _base;
                GrownKiB = Math.Max(GrownKiB, (now - _base) / 1024);
            }
        }

        private double Once(byte[] mutated, Action<byte[]> use)
        {
            byte[] datagram = [.. mutated]; // it is used up
            var started = Stopwatch.GetTimestamp();
            try
            {
                use(datagram);
            }
#pragma warning disable CA1031 // Counted and told: that is what this is for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                if (Thrown++ < 5)
                {
                    Console.Error.WriteLine($"{Convert.ToHexString(mutated)}: {exception}");
                }
            }

            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    /// <summary>A network on which fifty damaged answers come before the right one.</summary>
    private sealed class Wire(UsmAuthority authority, Campaign campaign, string kind) : IDatagramTransport
    {
        private readonly UsmKeys _keys = new KeyMaker().KeysOf(User, authority.EngineId.Span);
        private readonly byte[] _output = new byte[RequestEngine.LargestDatagram];
        private readonly byte[] _from = [.. Agent.Serialize().Buffer.Span[..16]];
        private readonly Lock _turn = new();
        private int _busy;
        private DatagramReceiver _receiver = null!;

        public int Answered { get; private set; }

        public bool IsBusy => Volatile.Read(ref _busy) > 0;

        public string Name => "none";

        public Wire With(DatagramReceiver receiver)
        {
            _receiver = receiver;
            return this;
        }

        public int LaneOf(IPEndPoint agent) => 0;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        public void Send(int lane, ReadOnlySpan<byte> datagram, SocketAddress to)
        {
            // The engine's lock is held: the answer comes from another thread, as it would from a socket.
            var question = datagram.ToArray();
            Interlocked.Increment(ref _busy);
            ThreadPool.UnsafeQueueUserWorkItem(_ => Answer(question), null);
        }

        private void Answer(byte[] question)
        {
            // A mutation may make the engine ask again at once: one question after the other.
            lock (_turn)
            {
                AnswerInTurn(question);
            }

            Interlocked.Decrement(ref _busy);
        }

        private void AnswerInTurn(byte[] question)
        {
            if (kind == "response")
            {
                _ = SnmpMessageCodec.TryDecode(question, out var request, out _);
                var right = Community(request!.Answer(SnmpFuzz.Answer));
                Flood(right, static mutated => mutated);
                Give(right);
                return;
            }

            if (!authority.TryOpen(question, _output, out var asked, out var report))
            {
                var told = _output[^report..];
                if (kind == "report")
                {
                    Flood(told, static mutated => mutated);
                }

                Give(told);
                return;
            }

            var response = new SnmpPdu(PduType.Response, asked.Pdu.RequestId, SnmpFuzz.Answer);
            var sealedRight = _output[^authority.Seal(asked, response, _output)..];
            var told2 = new SnmpPdu(PduType.Report, asked.Pdu.RequestId, [new VarBind(UsmStatistics.NotInTimeWindows, SnmpValue.Counter32(1))]);
            var unproven = asked with { Level = SecurityLevel.NoAuthNoPriv };
            var isReport = kind == "report";
            var seed = isReport ? _output[^authority.Seal(unproven, told2, _output)..] : sealedRight;
            if (isReport)
            {
                Flood(seed, static mutated => mutated);
            }
            else
            {
                // Half of them damaged inside and sealed rightly: what a broken engine sends, and what the outer checks would hide.
                var writer = new BerWriter(new byte[2_048]);
                SnmpMessageCodec.WritePdu(ref writer, response, response.RequestId);
                UsmMessage.EndScopedPdu(ref writer, authority.EngineId.Span, []);
                Flood(seed, static mutated => mutated, PerQuestion / 2);
                Flood(writer.Written.ToArray(), plain => Seal(asked.MsgId, plain), PerQuestion / 2);
            }

            Give(sealedRight);
        }

        private byte[] Seal(int msgId, byte[] plain)
        {
            var sealing = new byte[8_192];
            var header = new UsmHeader
            {
                MsgId = msgId,
                Level = SecurityLevel.AuthPriv,
                EngineId = authority.EngineId.Span,
                Boots = authority.Boots,
                Time = authority.Time,
                User = "fuzz"u8,
            };
            return sealing[^UsmMessage.Seal(sealing, header, _keys, plain)..];
        }

        private void Flood(byte[] seed, Func<byte[], byte[]> wrap, int times = PerQuestion)
        {
            for (var i = 0; i < times; i++)
            {
                campaign.Try(seed, wrap, datagram =>
                {
                    Decode(datagram);
                    _receiver(0, datagram, _from);
                });
            }
        }

        private void Give(byte[] right)
        {
            Answered++;
            _receiver(0, [.. right], _from);
        }
    }
}
