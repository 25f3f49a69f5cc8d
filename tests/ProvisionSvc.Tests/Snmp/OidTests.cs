using CsCheck;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Snmp;

public class OidTests
{
    [Theory]
    [InlineData("1.3.6.1", "1.3.6.1")]
    [InlineData(".1.3.6.1.4294967295", "1.3.6.1.4294967295")]
    [InlineData("7", "7")]
    public void A_written_oid_is_read(string text, string expected) => Assert.Equal(expected, Oid.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1..3")]
    [InlineData("1.3.")]
    [InlineData("1.4294967296")]
    [InlineData("1.-3")]
    [InlineData("1. 3")]
    [InlineData("iso.3")]
    public void What_is_no_oid_is_refused(string text)
    {
        Assert.False(Oid.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Oid.Parse(text));
    }

    [Fact]
    public void No_oid_is_longer_than_128_sub_identifiers()
    {
        Assert.False(Oid.TryParse(string.Join('.', Enumerable.Repeat(1, 129)), out _));
        Assert.Equal(128, Oid.Parse(string.Join('.', Enumerable.Repeat(1, 128))).Length);
        Assert.Throws<ArgumentException>(() => new Oid(new uint[129]));
    }

    [Fact]
    public void The_index_of_a_row_is_the_slice_behind_its_column()
    {
        var column = Oid.Parse("1.3.6.1.2.1.2.2.1.7");
        var cell = column.Append(4_194_316_032);

        Assert.True(cell.StartsWith(column));
        Assert.False(column.StartsWith(cell));
        Assert.Equal(new Oid(4_194_316_032), cell[column.Length..]);
        Assert.Equal(Oid.Empty, column.Slice(column.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Slice(0, 11));
    }

    [Fact]
    public void Oids_order_as_agents_walk() => Gen.UInt[0, 3].Array[0, 5].Array[2].Sample(pair =>
    {
        var (left, right) = (new Oid(pair[0]), new Oid(pair[1]));
        var expected = Enumerable.Range(0, Math.Min(left.Length, right.Length))
            .Select(i => left[i].CompareTo(right[i])).FirstOrDefault(order => order != 0, left.Length.CompareTo(right.Length));

        Assert.Equal(Math.Sign(expected), Math.Sign(left.CompareTo(right)));
        Assert.Equal(expected == 0, left == right);
        Assert.Equal(expected < 0, left < right);
        Assert.True(left != right || left.GetHashCode() == right.GetHashCode());
    });

    [Fact]
    public void Comparing_and_slicing_allocate_nothing()
    {
        var left = Oid.Parse("1.3.6.1.2.1.2.2.1.7.1");
        var right = Oid.Parse("1.3.6.1.2.1.2.2.1.8.1");
        _ = left < right;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = 0;
        for (var i = 0; i < 1_000; i++)
        {
            same += left[10..] == right[10..] && left < right && left.StartsWith(right[..9]) ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000, same);
    }
}
