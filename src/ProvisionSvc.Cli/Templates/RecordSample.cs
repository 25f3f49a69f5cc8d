using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Templates;

/// <summary><c>template record</c>: a sample folder from a live switch.</summary>
internal static class RecordSample
{
    public static UseCase Create()
    {
        var name = Values.Name("SWITCH", "Name of the switch");
        var template = Values.Text("--template", "NAME", "Record with this template instead of the switch's own");
        var ports = new Option<string[]>("--port") { HelpName = "IFNAME", Description = "A port to read; may be repeated (else a lit one, a free one and an uplink)" };
        var folder = Values.Text("--out", "DIR", "Where the sample is written: a folder that is empty or not there yet (else one named after the switch)");
        return new UseCase(
            "record", "Record a live switch as a sample: what its agent and its command line answer, private text and secrets replaced; nothing is written to the switch",
            ["template record sw-3", "template record sw-9 --template acme-os2 --port ge-0/0/7 --out device-templates/acme-os2/samples/2.4"], [name, template, ports, folder],
            async (parse, session, ct) =>
            {
                var switchName = parse.GetRequiredValue(name);
                var directory = Target(parse.GetValue(folder) ?? $"sample-{switchName}");
                var answer = await session.Api.RecordSampleAsync(
                    switchName, new() { Template = parse.GetValue(template), IfNames = parse.GetValue(ports) is { Length: > 0 } named ? named : null }, ct);
                Write(directory, answer.Value.Files);
                session.Show(answer, view => Show(session.Screen, view, directory));
                return answer.Value.Faults.Count == 0 ? ExitCode.Done : ExitCode.Error;
            });
    }

    /// <summary>Looked at before the switch is asked; nothing that is there is ever overwritten.</summary>
    private static DirectoryInfo Target(string path)
    {
        var directory = new DirectoryInfo(path);
        return !File.Exists(path) && (!directory.Exists || !directory.EnumerateFileSystemInfos().Any())
            ? directory
            : throw new UsageException($"--out {path}: something is there already; name a new folder.");
    }

    private static void Write(DirectoryInfo directory, IReadOnlyDictionary<string, string> files)
    {
        try
        {
            directory.Create();
            foreach (var (file, text) in files)
            {
                // A name from the service is a name in this folder, whatever it holds.
                if (Path.GetFileName(file) != file || file.Length == 0)
                {
                    throw new UsageException($"The service named a file \"{file}\", which is no plain name; nothing more was written.");
                }

                File.WriteAllText(Path.Combine(directory.FullName, file), text);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out {directory.FullName}: {e.Message}");
        }
    }

    private static void Show(Screen screen, RecordedSampleView view, DirectoryInfo directory)
    {
        screen.Line(
            ($"{view.Files.Count} files of {view.Switch} ({view.Template}) in {directory.FullName}", $"{view.Switch}（{view.Template}）的 {view.Files.Count} 个文件已写入 {directory.FullName}"),
            Tone.Good);
        foreach (var file in view.Files.Keys.Order(StringComparer.Ordinal))
        {
            screen.Line($"  {file}");
        }

        foreach (var note in view.Notes)
        {
            screen.Line(note, Tone.Waiting);
        }

        view.Faults.Show(screen);
        screen.Line(
            ("Read every file before you publish it: names and secrets that no rule knows may be left.", "发布前请逐一检查文件：规则未覆盖的名称或密钥可能仍在其中。"), Tone.Waiting);
    }
}
