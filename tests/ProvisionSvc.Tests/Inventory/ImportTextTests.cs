using CsCheck;
using ProvisionSvc.Inventory.Import;

namespace ProvisionSvc.Tests.Inventory;

/// <summary>The import's reader with texts that nobody would write.</summary>
public sealed class ImportTextTests
{
    [Fact]
    public void Whatever_the_text_every_fault_has_a_place_in_it_and_nothing_is_thrown()
    {
        var cell = Gen.OneOf(Gen.String[Gen.Char[" ,\"\r\n\0\t;=+-@0a\uFEFF\uFFFD\u2028\uD800第"], 0, 12], Choose.OneOf("n1", "1", "100", "4", "true", "b1-sw1", "\"a\"\"b\"", "\"a,b\""));
        var line = cell.Array[0, 8].Select(c => string.Join(',', c));
        var headers = Choose.OneOf(InventoryFile.All.Select(f => string.Join(',', f.Headers)).ToArray());
        var text = Gen.Select(Gen.OneOf(headers, line), line.Array[0, 5], Choose.OneOf("\n", "\r\n", "\r"), (h, lines, end) => string.Join(end, [h, .. lines]));
        var files = Gen.Select(Choose.OneOf(InventoryFile.All.Select(f => f.Name).Append("other.csv").ToArray()), text).Array[1, 3]
            .Select(f => f.DistinctBy(x => x.Item1).ToDictionary(x => x.Item1, x => x.Item2));
        files.Sample(f =>
        {
            var faults = new ImportFaults();
            _ = ParseInventory.Parse(f, faults);
            return faults.Locate(f).All(x => x.Field.Split(':') is [_, var at, var column] && int.Parse(at) >= 1 && int.Parse(column) >= 1);
        });
    }

    [Fact]
    public void What_is_written_with_quotes_is_read_as_it_was()
    {
        var name = Gen.String[Gen.Char["ab ,\"'=第=@+-;|"], 1, 20].Where(n => n.Trim().Length > 0);
        name.Sample(n =>
        {
            var faults = new ImportFaults();
            var rows = ParseInventory.Parse(new Dictionary<string, string> { ["groups.csv"] = $"name,customer\n\"{n.Replace("\"", "\"\"", StringComparison.Ordinal)}\",c1\n" }, faults);
            return faults.Count == 0 && rows.Groups.Single().Name == n.Trim();
        });
    }

    [Fact]
    public void Lines_are_counted_as_editors_count_them()
    {
        var faults = new ImportFaults();
        var files = new Dictionary<string, string> { ["groups.csv"] = "name,customer\r\n\r\ng1,c1\r\n\r\n\r\n,c1\r\n" };
        ParseInventory.Parse(files, faults);
        Assert.Equal("groups.csv:6:1", Assert.Single(faults.Locate(files)).Field);
    }

    [Theory]
    [InlineData("10.20.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:DB8:0:0:0:0:0:1", true)]
    [InlineData("010.020.0.1", false)]
    [InlineData("10.20.1", false)]
    [InlineData("10.20.0.1 ", false)]
    [InlineData("0", false)]
    [InlineData("::", false)]
    [InlineData("::ffff:a14:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("169.254.0.1", false)]
    public void An_address_is_written_in_its_usual_form_T11(string text, bool good)
    {
        var (address, why) = SwitchAddress.Parse(text);
        Assert.Equal(good, address is not null);
        Assert.Equal(good, why.Length == 0);
    }
}
