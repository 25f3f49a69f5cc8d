using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

/// <summary>Datagrams captured between Net-SNMP 5.9's own tools and its agent: read, and written again octet by octet.</summary>
public class NetSnmpCaptureTests
{
    public static TheoryData<string, string> Datagrams => new()
    {
        {
            "V2c Get: 1.3.6.1.2.1.1.2.0 = Null, 1.3.6.1.2.1.4.20.1.1.127.0.0.1 = Null, 1.3.6.1.2.1.2.2.1.5.1 = Null, 1.3.6.1.2.1.99.0 = Null",
            "305902010104067075626C6963A04C02045A9065C3020100020100303E300C06082B0601020101020005003011060D2B06010201041401017F0000010500300E060A2B06010201020201"
            + "05010500300B06072B0601020163000500"
        },
        {
            "V2c Response: 1.3.6.1.2.1.1.2.0 = ObjectIdentifier 1.3.6.1.4.1.8072.3.2.10, 1.3.6.1.2.1.4.20.1.1.127.0.0.1 = IpAddress 127.0.0.1, "
            + "1.3.6.1.2.1.2.2.1.5.1 = Gauge32 10000000, 1.3.6.1.2.1.99.0 = NoSuchObject",
            "306B02010104067075626C6963A25E02045A9065C30201000201003050301606082B06010201010200060A2B06010401BF0803020A3015060D2B06010201041401017F00000140047F00"
            + "00013012060A2B060102010202010501420400989680300B06072B0601020163008000"
        },
        {
            "V2c GetBulk: 1.3.6.1.2.1.31.1.1.1.1 = Null, 1.3.6.1.2.1.31.1.1.1.6 = Null",
            "303B02010104067075626C6963A52E02044BCAD70A0201000201033020300E060A2B060102011F010101010500300E060A2B060102011F010101060500"
        },
        {
            "V2c Response: 1.3.6.1.2.1.31.1.1.1.1.1 = OctetString \"lo\", 1.3.6.1.2.1.31.1.1.1.6.1 = Counter64 7354084, "
            + "1.3.6.1.2.1.31.1.1.1.1.2 = OctetString \"ifb0\", 1.3.6.1.2.1.31.1.1.1.6.2 = Counter64 0, "
            + "1.3.6.1.2.1.31.1.1.1.1.3 = OctetString \"ifb1\", 1.3.6.1.2.1.31.1.1.1.6.3 = Counter64 0",
            "30819102010104067075626C6963A2818302044BCAD70A02010002010030753011060B2B060102011F010101010104026C6F3012060B2B060102011F010101060146037036E43013060B"
            + "2B060102011F01010101020404696662303010060B2B060102011F01010106024601003013060B2B060102011F01010101030404696662313010060B2B060102011F0101010603460100"
        },
        {
            "V2c Set: 1.3.6.1.2.1.1.5.0 = OctetString \"sw-12\"",
            "302F020101040770726976617465A32102040904E6380201000201003013301106082B06010201010500040573772D3132"
        },
        {
            "V2c Response WrongType 1: 1.3.6.1.2.1.1.5.0 = Integer32 5",
            "302B020101040770726976617465A21D0204409913A5020107020101300F300D06082B06010201010500020105"
        },
        {
            "V1 Response NoSuchName 1: 1.3.6.1.2.1.99.0 = Null",
            "302802010004067075626C6963A21B02045362FBFD020102020101300D300B06072B0601020163000500"
        },
        { "V2c GetNext: 2.99 = Null", "302302010104067075626C6963A11602044488F33D02010002010030083006060281330500" },
        { "V2c Response: 2.99 = EndOfMibView", "302302010104067075626C6963A21602044488F33D02010002010030083006060281338200" },
        { "V2c Response: 1.3.6.1.2.1.1.3.0 = TimeTicks 158", "302B02010104067075626C6963A21E02041417D7750201000201003010300E06082B060102010103004302009E" },
    };

    [Theory]
    [MemberData(nameof(Datagrams))]
    public void What_Net_SNMP_sends_is_read_and_written_alike(string expected, string hex)
    {
        Assert.True(SnmpMessageCodec.TryDecode(Convert.FromHexString(hex), out var message, out var fault), fault);

        var error = message.Pdu.ErrorStatus == SnmpErrorStatus.NoError ? "" : $" {message.Pdu.ErrorStatus} {message.Pdu.ErrorIndex}";
        Assert.Equal(expected, $"{message.Version} {message.Pdu.Type}{error}: {string.Join(", ", message.Pdu.VarBinds)}");
        Assert.Equal(hex, Convert.ToHexString(ScriptedAgent.Call.Encoded(message)));
    }
}
