using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Inventory;

/// <summary><c>inventory import</c>: the CSV files of a folder, checked and written as one.</summary>
internal static class ImportInventory
{
    public static UseCase Create()
    {
        var folder = Values.Name("DIR", "Folder with nodes.csv, buildings.csv, switches.csv, ports.csv …");
        var dryRun = Values.Flag("--dry-run", "Check and count only; exit code 2 when something would change");
        return new UseCase(
            "import", "Import the CSV files of a folder: all of it or, when anything is wrong, nothing; every fault is printed as file:line:column",
            ["inventory import ./city --dry-run", "inventory import ./city"], [folder, dryRun],
            async (parse, session, ct) =>
            {
                var request = new ImportInventoryRequest { Files = ReadFiles(parse.GetRequiredValue(folder)), DryRun = parse.GetValue(dryRun) };
                return await RunAsync(session, request, parse.GetRequiredValue(folder), ct);
            });
    }

    private static async Task<int> RunAsync(Session session, ImportInventoryRequest request, string folder, CancellationToken ct)
    {
        try
        {
            var answer = await session.Api.ImportInventoryAsync(request, folder, ct);
            session.Show(answer, view => Show(session.Screen, view));
            return request.DryRun && answer.Value.Counts.Any(c => c.Added + c.Changed > 0) ? ExitCode.ChangesPending : ExitCode.Done;
        }
        catch (ApiException e) when (e.Faults.Any(f => f.Field.Contains(':')))
        {
            // As compilers print them: editors jump to file:line:column.
            foreach (var fault in e.Faults)
            {
                session.Host.Error.WriteLine(TextWidth.Safe($"{fault.Field}  {fault.Message}"));
            }

            session.Host.Error.WriteLine(session.Say(
                ($"{e.Faults.Count} faults in {folder}; nothing was written", $"{folder} 中有 {e.Faults.Count} 处错误；未写入任何内容")));
            return ExitCode.Error;
        }
    }

    private static Dictionary<string, string> ReadFiles(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UsageException($"{folder}: there is no such folder.");
        }

        var files = Directory.GetFiles(folder, "*.csv").Order(StringComparer.Ordinal)
            .ToDictionary(f => Path.GetFileName(f), f => InputFile.ReadText(f, "inventory file"));
        return files.Count > 0 ? files : throw new UsageException($"{folder}: there is no .csv file in it.");
    }

    private static void Show(Screen screen, ImportInventoryView view)
    {
        screen.Table(
            view.Counts,
            new(("KIND", "种类"), c => c.Kind) { IsKept = true },
            new(("NEW", "新增"), c => $"{c.Added}") { IsNumber = true, Tone = c => c.Added > 0 ? Tone.Good : Tone.Faint },
            new(("CHANGED", "变更"), c => $"{c.Changed}") { IsNumber = true, Tone = c => c.Changed > 0 ? Tone.Waiting : Tone.Faint },
            new(("SAME", "未变"), c => $"{c.Unchanged}") { IsNumber = true });
        if (view.DryRun)
        {
            screen.Line(("dry run: nothing was written", "试运行：未写入任何内容"), Tone.Waiting);
        }
    }
}
