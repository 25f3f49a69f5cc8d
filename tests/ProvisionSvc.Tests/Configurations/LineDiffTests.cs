using CsCheck;
using ProvisionSvc.Tests.Inventory;
using ProvisionSvc.Core.Configurations;

namespace ProvisionSvc.Tests.Configurations;

public sealed class LineDiffTests
{
    // Few different lines, so that texts have much in common.
    private static readonly Gen<string[]> Text = Choose.OneOf("#", " shutdown", "interface 1", "interface 2", "", " description x").Array[0, 40];

    [Fact]
    public void The_edits_make_the_one_text_of_the_other() => Gen.Select(Text, Text).Sample((before, after) =>
        Assert.Equal(after, LineDiff.Apply(before, LineDiff.Between(before, after))), iter: 20_000);

    [Fact]
    public void No_other_edits_are_shorter_than_what_the_longest_common_part_leaves() => Gen.Select(Text, Text).Sample((before, after) =>
    {
        var edits = LineDiff.Between(before, after);
        Assert.Equal(before.Length + after.Length - (2 * Common(before, after)), edits.Sum(e => e.Removed + e.Added.Count));
    }, iter: 5_000);

    [Fact]
    public void Texts_without_anything_in_common_are_exchanged_as_a_whole()
    {
        string[] before = [.. Enumerable.Range(0, 3000).Select(i => $"old {i}")];
        string[] after = [.. Enumerable.Range(0, 3000).Select(i => $"new {i}")];
        Assert.Equal([new LineEdit(0, 3000, [])], LineDiff.Between(before, after).Select(e => e with { Added = [] }), EqualityComparer<LineEdit>.Create((a, b) => (a?.At, a?.Removed) == (b?.At, b?.Removed)));
        Assert.Equal(after, LineDiff.Apply(before, LineDiff.Between(before, after)));
    }

    [Fact]
    public void Edits_are_the_same_after_they_were_written_and_read() => Gen.Select(Text, Text).Sample((before, after) =>
        Assert.Equal(after, LineDiff.Apply(before, LineDelta.Read(LineDelta.Write(LineDiff.Between(before, after))))), iter: 5_000);

    [Fact]
    public void Edits_of_another_text_are_refused() =>
        Assert.Throws<ArgumentException>(() => LineDiff.Apply(["a"], [new LineEdit(0, 2, [])]));

    [Theory]
    [InlineData("1 2\n")]
    [InlineData("0 0 2\nx\n")]
    [InlineData("a b c\n")]
    public void What_is_no_edit_is_refused(string text) => Assert.ThrowsAny<FormatException>(() => LineDelta.Read(text));

    [Fact]
    public void A_difference_is_shown_with_the_lines_around_it()
    {
        string[] before = ["sysname a", "#", "interface 1", " shutdown", "#", "interface 2", "#", "interface 3", "#", "interface 4", "#", "return"];
        string[] after = ["sysname a", "#", "interface 1", " description x", "#", "interface 2", "#", "interface 3", "#", "interface 4", "#", "vlan 7", "return"];
        var hunks = Hunk.Between(before, after, context: 2);
        Assert.Equal(2, hunks.Count);
        Assert.Equal((2, 2), (hunks[0].BeforeLine, hunks[0].AfterLine));
        Assert.Equal([" #", " interface 1", "- shutdown", "+ description x", " #", " interface 2"], hunks[0].Lines);
        Assert.Equal((10, 10), (hunks[1].BeforeLine, hunks[1].AfterLine));
        Assert.Equal([" interface 4", " #", "+vlan 7", " return"], hunks[1].Lines);
    }

    [Fact]
    public void What_a_difference_shows_is_all_that_changed() => Gen.Select(Text, Text).Sample((before, after) =>
    {
        var lines = Hunk.Between(before, after).SelectMany(h => h.Lines).ToList();
        Assert.Equal(after.Length - before.Length, lines.Count(l => l[0] == '+') - lines.Count(l => l[0] == '-'));
    }, iter: 2_000);

    private static int Common(string[] a, string[] b)
    {
        var best = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                best[i, j] = a[i - 1] == b[j - 1] ? best[i - 1, j - 1] + 1 : Math.Max(best[i - 1, j], best[i, j - 1]);
            }
        }

        return best[a.Length, b.Length];
    }
}
