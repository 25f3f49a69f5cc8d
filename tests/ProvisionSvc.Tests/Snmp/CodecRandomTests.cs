using System.Buffers;
using System.Net;
using CsCheck;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

public class CodecRandomTests
{
    private static readonly Gen<Oid> Oids =
        from head in Gen.OneOf(Gen.Select(Gen.UInt[0, 1], Gen.UInt[0, 39]), Gen.Select(Gen.Const(2u), Gen.UInt))
        from tail in Gen.Frequency((3, Gen.UInt[0, 300]), (1, Gen.UInt)).Array[0, 126]
        select new Oid([head.Item1, head.Item2, .. tail]);

    private static readonly Gen<SnmpValue> Values = Gen.OneOf(
        Gen.Int.Select(SnmpValue.Integer32),
        Gen.Byte.Array[0, 300].Select(SnmpValue.OctetString),
        Gen.Byte.Array[0, 20].Select(SnmpValue.Opaque),
        Oids.Select(SnmpValue.ObjectIdentifier),
        Gen.UInt.Select(address => SnmpValue.IpAddress(new IPAddress(address))),
        Gen.UInt.Select(SnmpValue.Counter32),
        Gen.UInt.Select(SnmpValue.Gauge32),
        Gen.UInt.Select(SnmpValue.TimeTicks),
        Gen.ULong.Select(SnmpValue.Counter64),
        OneOf(SnmpValue.Null, SnmpValue.NoSuchObject, SnmpValue.NoSuchInstance, SnmpValue.EndOfMibView));

    private static readonly Gen<SnmpMessage> Messages =
        from version in OneOf(SnmpVersion.V1, SnmpVersion.V2c)
        from community in Gen.Byte.Array[0, 40]
        from type in OneOf(PduType.Get, PduType.GetNext, PduType.Response, PduType.Set, PduType.Inform, PduType.TrapV2, PduType.Report)
        from id in Gen.Int
        from status in Gen.Int[0, 18]
        from index in Gen.Int[0, 100]
        from varBinds in Gen.Select(Oids, Values, (oid, value) => new VarBind(oid, value)).Array[0, 12]
        select new SnmpMessage(version, community, new SnmpPdu(type, id, varBinds) { ErrorStatus = (SnmpErrorStatus)status, ErrorIndex = index });

    [Fact]
    public void What_is_encoded_is_decoded() => Messages.Sample(message =>
    {
        var decoded = Decode(Encode(message));
        Assert.Equal(message.Version, decoded.Version);
        Assert.True(message.Community.Span.SequenceEqual(decoded.Community.Span));
        Assert.Equal(message.Pdu with { VarBinds = [] }, decoded.Pdu with { VarBinds = [] });
        Assert.Equal(message.Pdu.VarBinds, decoded.Pdu.VarBinds);
    }, iter: 3_000);

    [Fact]
    public void A_mutated_datagram_never_throws_and_what_it_decodes_to_can_be_encoded() =>
        Gen.Select(Messages, Mutation.Array[1, 6]).Sample((message, mutations) =>
        {
            var datagram = Encode(message);
            foreach (var (kind, at, octet) in mutations)
            {
                datagram = Mutate(datagram, kind, at, octet);
            }

            if (SnmpMessageCodec.TryDecode(datagram, out var decoded, out var error))
            {
                Assert.Equal(decoded.Pdu.VarBinds, Decode(Encode(decoded)).Pdu.VarBinds);
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }, iter: 20_000);

    [Fact]
    public void Random_octets_never_throw() =>
        Gen.Byte.Array[0, 200].Sample(octets => { _ = SnmpMessageCodec.TryDecode(octets, out _, out _); }, iter: 20_000);

    [Fact]
    public void Decoding_allocates_in_proportion_to_the_datagram()
    {
        // The smallest varbind there is, as often as a datagram can hold it.
        byte[] list = [.. Enumerable.Range(0, 9_000).SelectMany(_ => new byte[] { 0x30, 5, 6, 1, 0, 5, 0 })];
        byte[] body = [2, 1, 1, 2, 1, 0, 2, 1, 0, .. Element(0x30, list)];
        var datagram = Element(0x30, [2, 1, 1, 4, 0, .. Element(0xA2, body)]);
        _ = Decode(datagram);

        var before = GC.GetAllocatedBytesForCurrentThread();
        _ = Decode(datagram);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, datagram.Length * 16L);
    }

    private static Gen<(int Kind, int At, byte Octet)> Mutation => 
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5_000], Gen.OneOf(Gen.Byte, OneOf<byte>(0, 0x30, 0x7F, 0x80, 0x82, 0x84, 0xFF)));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Mutate(byte[] datagram, int kind, int at, byte octet)
    {
        if (datagram.Length == 0)
        {
            return [octet];
        }

        at %= datagram.Length;
        return kind switch
        {
            0 => [.. datagram[..at], octet, .. datagram[(at + 1)..]],
            1 => [.. datagram[..at], octet, .. datagram[at..]],
            2 => [.. datagram[..at], .. datagram[(at + 1)..]],
            3 => datagram[..at],
            _ => [.. datagram[..at], (byte)(datagram[at] ^ (1 << (octet & 7))), .. datagram[(at + 1)..]],
        };
    }

    private static byte[] Element(byte tag, byte[] content) => [tag, 0x83, (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static SnmpMessage Decode(byte[] datagram)
    {
        Assert.True(SnmpMessageCodec.TryDecode(datagram, out var message, out var error), error);
        return message;
    }

    private static byte[] Encode(SnmpMessage message)
    {
        var writer = new ArrayBufferWriter<byte>();
        SnmpMessageCodec.Encode(message, writer);
        return writer.WrittenSpan.ToArray();
    }
}
