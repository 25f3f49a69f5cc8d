using System.Text;
using CsCheck;
using ProvisionSvc.Tests.Inventory;
using ProvisionSvc.Configurations;

namespace ProvisionSvc.Tests.Configurations;

public sealed class ConfigurationBodyTests
{
    [Fact]
    public void An_older_text_comes_back_from_the_newer_and_its_difference() => Gen.Select(Lines, Lines).Sample((older, newer) =>
        Assert.Equal(older, ConfigurationBody.OpenDelta(ConfigurationBody.Delta(newer, older), newer)), iter: 2_000);

    [Fact]
    public void A_whole_text_comes_back() => Lines.Sample(text => Assert.Equal(text, ConfigurationBody.OpenWhole(ConfigurationBody.Whole(text))), iter: 1_000);

    /// <summary>The figure that the README of the archive quotes: a hundred days on which a line or two change.</summary>
    [Fact]
    public void A_hundred_daily_versions_of_2000_lines_take_less_than_a_fortieth_of_their_text()
    {
        var texts = Days(100, 2000);
        var kept = ConfigurationBody.Whole(texts[^1]).Length;
        for (var i = texts.Count - 2; i >= 0; i--)
        {
            kept += ConfigurationBody.Delta(texts[i + 1], texts[i]).Length;
        }

        var plain = texts.Sum(Encoding.UTF8.GetByteCount);
        TestContext.Current.TestOutputHelper?.WriteLine($"100 versions of 2000 lines: {plain} octets of text, {kept} kept");
        Assert.InRange(kept, 1, plain / 40);
    }

    private static readonly Gen<string> Lines = Choose.OneOf("#", " shutdown", "interface 1", "", "0 0 1", " description 客户").Array[0, 30].Select(a => string.Join('\n', a));

    private static List<string> Days(int days, int lines)
    {
        var text = Enumerable.Range(0, lines / 5).SelectMany(i => new[]
        {
            $"interface GigabitEthernet{i / 48}/0/{i % 48}", $" description BJ-{i * 7919 % 10000:0000}-01", " port link-type access", $" port default vlan {(i * 31 % 4000) + 1}", "#",
        }).ToList();
        var all = new List<string>();
        for (var day = 0; day < days; day++)
        {
            text[(day * 37 % (lines / 5) * 5) + 1] = $" description BJ-{day:0000}-02";
            text[(day * 53 % (lines / 5) * 5) + 3] = $" port default vlan {day + 100}";
            all.Add(string.Join('\n', text));
        }

        return all;
    }
}
