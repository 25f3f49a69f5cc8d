using System.Net;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

public class CodecGoldenTests
{
    public static TheoryData<string, SnmpValue> Values => new()
    {
        { "02 01 00", SnmpValue.Integer32(0) },
        { "02 01 7F", SnmpValue.Integer32(127) },
        { "02 02 00 80", SnmpValue.Integer32(128) },
        { "02 01 80", SnmpValue.Integer32(-128) },
        { "02 02 FF 7F", SnmpValue.Integer32(-129) },
        { "02 04 7F FF FF FF", SnmpValue.Integer32(int.MaxValue) },
        { "02 04 80 00 00 00", SnmpValue.Integer32(int.MinValue) },
        { "04 00", SnmpValue.OctetString([]) },
        { "04 03 67 65 31", SnmpValue.OctetString("ge1") },
        { "05 00", SnmpValue.Null },
        { "06 03 2B 06 01", SnmpValue.ObjectIdentifier(new Oid(1, 3, 6, 1)) },
        { "06 01 00", SnmpValue.ObjectIdentifier(new Oid(0, 0)) },
        { "06 03 88 37 03", SnmpValue.ObjectIdentifier(new Oid(2, 999, 3)) },
        { "06 06 2B 8F FF FF FF 7F", SnmpValue.ObjectIdentifier(new Oid(1, 3, uint.MaxValue)) },
        { "40 04 0A 00 00 FF", SnmpValue.IpAddress(IPAddress.Parse("10.0.0.255")) },
        { "41 05 00 FF FF FF FF", SnmpValue.Counter32(uint.MaxValue) },
        { "42 04 3B 9A CA 00", SnmpValue.Gauge32(1_000_000_000) },
        { "43 01 64", SnmpValue.TimeTicks(100) },
        { "44 07 9F 78 04 42 F6 00 00", SnmpValue.Opaque([0x9F, 0x78, 4, 0x42, 0xF6, 0, 0]) },
        { "46 09 00 FF FF FF FF FF FF FF FF", SnmpValue.Counter64(ulong.MaxValue) },
        { "46 08 7F FF FF FF FF FF FF FF", SnmpValue.Counter64(long.MaxValue) },
        { "80 00", SnmpValue.NoSuchObject },
        { "81 00", SnmpValue.NoSuchInstance },
        { "82 00", SnmpValue.EndOfMibView },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_type_has_its_bytes(string hex, SnmpValue value)
    {
        var message = Wrap(Bytes(hex));

        Assert.True(SnmpMessageCodec.TryDecode(message, out var decoded, out var error), error);
        Assert.Equal(value, Assert.Single(decoded.Pdu.VarBinds).Value);
        Assert.Equal(Convert.ToHexString(message), Convert.ToHexString(Encode(decoded)));
    }

    [Theory]
    [InlineData("02 05 00 FA 00 00 00", 4_194_304_000)] // an ifIndex above 2^31 sent as a positive INTEGER
    [InlineData("02 00", 0)]
    [InlineData("02 82 00 01 07", 7)] // the length in more octets than needed
    [InlineData("02 03 00 00 07", 7)] // the number in more octets than needed
    [InlineData("41 04 FF FF FF FF", uint.MaxValue)] // no leading zero octet
    [InlineData("42 08 00 00 00 00 00 00 00 05", 5)]
    [InlineData("47 01 05", 5)] // UInteger32 of RFC 1442
    public void Harmless_oddities_of_agents_are_read(string hex, long expected)
    {
        Assert.True(SnmpMessageCodec.TryDecode(Wrap(Bytes(hex)), out var decoded, out var error), error);
        Assert.True(decoded.Pdu.VarBinds[0].Value.TryGetInt64(out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("02 09 00 00 00 00 00 00 00 00 01")] // nine octets of INTEGER
    [InlineData("41 05 01 00 00 00 00")] // above 2^32-1
    [InlineData("46 09 01 00 00 00 00 00 00 00 00")] // above 2^64-1
    [InlineData("06 02 2B 86")] // a sub-identifier that does not end
    [InlineData("06 06 2B 90 80 80 80 00")] // a sub-identifier of 2^32
    [InlineData("40 03 0A 00 00")] // an IpAddress of three octets
    [InlineData("05 01 00")]
    [InlineData("30 00")] // a constructed value
    [InlineData("1F 81 00")] // a tag of several octets
    [InlineData("04 80 41 00 00")] // indefinite length
    [InlineData("04 84 FF FF FF FF")] // a length beyond the datagram
    [InlineData("04 85 00 00 00 00 01 41")] // a length of five octets
    public void What_could_hurt_is_refused(string hex)
    {
        Assert.False(SnmpMessageCodec.TryDecode(Wrap(Bytes(hex)), out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_GetBulk_of_an_uptime_has_its_bytes()
    {
        var request = new SnmpMessage(SnmpVersion.V2c, "public"u8.ToArray(), new SnmpPdu(PduType.GetBulk, 0x12345678, [VarBind.Asking(new Oid(1, 3, 6, 1, 2, 1, 1, 3))])
        {
            NonRepeaters = 0,
            MaxRepetitions = 10,
        });

        Assert.Equal("302802010104067075626C6963A51B02041234567802010002010A300D300B06072B0601020101030500", Convert.ToHexString(Encode(request)));
    }

    [Fact]
    public void A_name_of_129_sub_identifiers_is_refused()
    {
        byte[] name = [0x06, 0x81, 0x80, .. Enumerable.Repeat((byte)1, 128)];
        Assert.False(SnmpMessageCodec.TryDecode(WrapList(Sequence([.. name, 5, 0])), out _, out _));
    }

    [Fact]
    public void An_agent_learns_that_its_answer_does_not_fit()
    {
        Assert.True(SnmpMessageCodec.TryDecode(Wrap([5, 0]), out var request, out _));
        var answer = request.Answer([new VarBind(new Oid(1, 3, 6), SnmpValue.OctetString(new byte[100]))]);

        Assert.False(SnmpMessageCodec.TryEncode(answer, new byte[100], out var written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void A_message_does_not_print_its_community()
        => Assert.DoesNotContain("s3cret", new SnmpMessage(SnmpVersion.V2c, "s3cret"u8.ToArray(), new SnmpPdu(PduType.Get, 1, [])).ToString(), StringComparison.Ordinal);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static byte[] Wrap(byte[] value) => WrapList(Sequence([6, 2, 0x2B, 6, .. value]));

    private static byte[] WrapList(byte[] list)
    {
        byte[] body = [2, 1, 42, 2, 1, 0, 2, 1, 0, .. Sequence(list)];
        return Sequence([2, 1, 1, 4, 1, (byte)'c', .. Element(0xA2, body)]);
    }

    private static byte[] Sequence(byte[] content) => Element(0x30, content);

    private static byte[] Element(byte tag, byte[] content) =>
        content.Length < 128 ? [tag, (byte)content.Length, .. content] : [tag, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Encode(SnmpMessage message)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        SnmpMessageCodec.Encode(message, writer);
        return writer.WrittenSpan.ToArray();
    }
}
