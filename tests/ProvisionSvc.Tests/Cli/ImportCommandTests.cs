using System.Net;
using System.Text;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class ImportCommandTests : IDisposable
{
    private const string Import = "POST /api/v1/inventory/imports";

    private readonly string _folder = Directory.CreateTempSubdirectory("provision-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Every_csv_file_of_the_folder_is_sent_whatever_its_name()
    {
        await WriteAsync("nodes.csv", "name\nnorth-1\n");
        await WriteAsync("nonsense.csv", "甲,乙\n");
        await WriteAsync("readme.txt", "no");
        var service = new FakeService().On(Import, new ImportInventoryView(DryRun: false, [new("node", 1, 0, 2)]));

        var run = await Run.OfAsync(service, "inventory", "import", _folder);

        Assert.Equal(0, run.ExitCode);
        var files = service.BodyJson.GetProperty("files");
        Assert.Equal(["nodes.csv", "nonsense.csv"], files.EnumerateObject().Select(f => f.Name));
        Assert.Equal("甲,乙\n", files.GetProperty("nonsense.csv").GetString());
        Assert.Equal(
            """
            KIND  NEW  CHANGED  SAME
            node    1        0     2

            """, run.Out);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 2)]
    [InlineData(0, 1, 2)]
    public async Task A_dry_run_exits_with_changes_pending_when_something_would_change(int added, int changed, int exit)
    {
        await WriteAsync("nodes.csv", "name\n");
        var service = new FakeService().On(Import, new ImportInventoryView(DryRun: true, [new("node", added, changed, 3)]));

        var run = await Run.OfAsync(service, "inventory", "import", _folder, "--dry-run");

        Assert.True(service.BodyJson.GetProperty("dryRun").GetBoolean());
        Assert.Equal(exit, run.ExitCode);
        Assert.EndsWith("dry run: nothing was written\n", run.Out);
    }

    [Fact]
    public async Task All_faults_are_printed_with_file_line_and_column()
    {
        await WriteAsync("nodes.csv", "name\n");
        var service = new FakeService().On(
            Import,
            Some.Problem(422, "The files have faults.", "invalid-inventory",
                new FaultView("unknown-district", "nodes.csv:12:3", "District 99 is not 1..10."), new FaultView("unknown-file", "nonsense.csv:1:1", "No kind has this name.")),
            HttpStatusCode.UnprocessableEntity);

        var run = await Run.OfAsync(service, "inventory", "import", _folder);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"""
            nodes.csv:12:3  District 99 is not 1..10.
            nonsense.csv:1:1  No kind has this name.
            2 faults in {_folder}; nothing was written

            """, run.Error);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task A_file_in_another_encoding_is_named_and_nothing_is_sent()
    {
        // 区域 as a Chinese spreadsheet saves it: GB 18030.
        await File.WriteAllBytesAsync(Path.Combine(_folder, "nodes.csv"), [.. "name,"u8, 0xC7, 0xF8, 0xD3, 0xF2, (byte)'\n'], TestContext.Current.CancellationToken);
        var service = new FakeService();

        var run = await Run.OfAsync(service, "inventory", "import", _folder);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nodes.csv: it is not UTF-8 text", run.Error);
        Assert.Empty(service.Requests);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_header()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "nodes.csv"), "name\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), TestContext.Current.CancellationToken);
        var service = new FakeService().On(Import, new ImportInventoryView(DryRun: false, []));

        await Run.OfAsync(service, "inventory", "import", _folder);

        Assert.Equal("name\n", service.BodyJson.GetProperty("files").GetProperty("nodes.csv").GetString());
    }

    [Fact]
    public async Task An_empty_and_a_missing_folder_are_errors()
    {
        var empty = await Run.OfAsync(new FakeService(), "inventory", "import", _folder);
        var missing = await Run.OfAsync(new FakeService(), "inventory", "import", Path.Combine(_folder, "none"));

        Assert.Equal((1, $"provision: {_folder}: there is no .csv file in it.\n"), (empty.ExitCode, empty.Error));
        Assert.Equal((1, $"provision: {_folder}/none: there is no such folder.\n"), (missing.ExitCode, missing.Error));
    }

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(Path.Combine(_folder, name), text, TestContext.Current.CancellationToken);
}
