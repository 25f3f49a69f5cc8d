using CsCheck;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Tests.Inventory;

public sealed class ValueTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(4095)]
    [InlineData(-1)]
    public void A_vlan_outside_1_to_4094_is_refused(int value) => Assert.Throws<ArgumentOutOfRangeException>(() => new VlanId(value));

    [Fact]
    public void Every_vlan_from_1_to_4094_is_taken() => Assert.All(Enumerable.Range(1, 4094), v => Assert.Equal(v, new VlanId(v).Value));

    [Theory]
    [InlineData("0.001", 1)]
    [InlineData("100", 100_000)]
    [InlineData("2.048", 2048)]
    [InlineData("100.000000", 100_000)]
    [InlineData("100000000", 100_000_000_000)]
    public void A_rate_is_a_whole_number_of_kbit(string mbps, long kbps)
    {
        Assert.True(Bandwidth.TryFromMbps(decimal.Parse(mbps), out var rate));
        Assert.Equal(kbps, rate.Kbps);
        Assert.Equal(decimal.Parse(mbps), rate.InMbps);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.0009")]
    [InlineData("1.0005")]
    [InlineData("100000000.001")]
    [InlineData("79228162514264337593543950335")]
    public void What_would_be_rounded_or_overflow_is_no_rate(string mbps)
    {
        Assert.False(Bandwidth.TryFromMbps(decimal.Parse(mbps), out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bandwidth.FromMbps(decimal.Parse(mbps)));
    }

    [Theory]
    [InlineData("2000000", "2000 Mbit/s")]
    [InlineData("2048", "2048 kbit/s")]
    public void A_rate_reads_in_the_larger_unit_that_is_whole(string kbps, string text) => Assert.Equal(text, Bandwidth.FromKbps(long.Parse(kbps)).ToString());

    [Theory]
    [InlineData("C1")]
    [InlineData("0")]
    [InlineData("BJ-2024.0001_a")]
    [InlineData("abcdefghijklmnopqrstuvwxyz012345")]
    public void A_circuit_id_is_kept_as_it_is(string text) => Assert.Equal(text, CircuitId.Parse(text).Value);

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("_a")]
    [InlineData("a b")]
    [InlineData("a?")]
    [InlineData("a\tb")]
    [InlineData("a\n")]
    [InlineData("a\nshutdown")]
    [InlineData("a\0")]
    [InlineData("a\u2028b")]
    [InlineData("a\u0085b")]
    [InlineData("a\u001b[2J")]
    [InlineData("电路")]
    [InlineData("ａ１")]
    [InlineData("a;b")]
    [InlineData("a|b")]
    [InlineData("a\"b")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public void What_could_say_more_than_a_number_is_no_circuit_id_T7(string? text)
    {
        Assert.False(CircuitId.TryParse(text, out _));
        Assert.All(CircuitId.Rule(text), c => Assert.InRange(c, ' ', '~'));
    }

    [Fact]
    public void Whatever_is_a_circuit_id_is_one_printable_word_T7() => Gen.String.Sample(text =>
        !CircuitId.TryParse(text, out var id) || (id.Value == text && text.Length <= 32 && text.All(c => c is > ' ' and <= '~') && !text.Any("?;|\"'!<>\\$`&".Contains)));

    [Theory]
    [InlineData("0/0/2", "0/0/10")]
    [InlineData("GE0/0/9", "GE0/0/10")]
    [InlineData("GE1", "XGE0")]
    [InlineData("a1b", "a1c")]
    [InlineData("a", "a1")]
    [InlineData("a1", "a01")]
    [InlineData("p99999999999999999998", "p99999999999999999999")]
    public void Names_are_ordered_as_people_read_them(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
    }

    [Fact]
    public void The_order_of_names_is_a_total_order()
    {
        var name = Gen.String[Gen.Char["ab01/"], 0, 6];
        Gen.Select(name, name, name).Sample((x, y, z) =>
        {
            int Sign(string a, string b) => Math.Sign(NaturalOrder.Instance.Compare(a, b));
            return Sign(x, y) == -Sign(y, x)
                && Sign(x, y) == 0 == (x == y)
                && !(Sign(x, y) < 0 && Sign(y, z) < 0 && Sign(x, z) >= 0);
        });
    }
}
