using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Templates;

/// <summary><c>template check</c>: loads, lints and runs every sample; the folder may be the service's or one's own.</summary>
internal static class CheckTemplates
{
    private const long LargestFile = 1 << 20;

    public static UseCase Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Name of the template; all of the service's where it is left out", Arity = ArgumentArity.ZeroOrOne };
        var from = Values.Text("--from", "DIR", "Check this folder on your machine instead of the service's; it is sent, checked and forgotten");
        return new UseCase(
            "check", "Load templates, lint them and run every sample; exit code 1 where there is a fault",
            ["template check", "template check huawei-vrp5", "template check --from ./device-templates/acme-os2"], [name, from],
            async (parse, session, ct) =>
            {
                var answer = await session.Api.CheckTemplatesAsync(Request(parse.GetValue(name), parse.GetValue(from)), ct);
                session.Show(answer, view => Show(session.Screen, view));
                return answer.Value.Faults == 0 ? ExitCode.Done : ExitCode.Error;
            });
    }

    private static CheckTemplatesRequest Request(string? name, string? from)
    {
        if (from is null)
        {
            return new() { Name = name };
        }

        if (!Directory.Exists(from))
        {
            throw new UsageException($"--from {from}: there is no such folder.");
        }

        var folder = new DirectoryInfo(from);
        var files = folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => f.Length <= LargestFile)
            .ToDictionary(f => Path.GetRelativePath(folder.FullName, f.FullName).Replace('\\', '/'), f => InputFile.ReadText(f.FullName, "sample"), StringComparer.Ordinal);
        return new() { Name = name ?? folder.Name, Files = files };
    }

    private static void Show(Screen screen, TemplateCheckView view)
    {
        foreach (var template in view.Templates)
        {
            var samples = screen.Say(($"{template.Samples.Count} samples", $"{template.Samples.Count} 个样本"));
            var draft = template.Draft is null ? "" : screen.Say((", draft", "，草稿"));
            screen.Line(
                template.Faults.Count == 0
                    ? $"{template.Name}  {samples}{draft}"
                    : $"{template.Name}  {samples}{draft}  {screen.Say(($"{template.Faults.Count} faults", $"{template.Faults.Count} 处错误"))}",
                template.Faults.Count == 0 ? Tone.Good : Tone.Bad);
            template.Faults.Show(screen);
        }

        screen.Line(
            view.Faults == 0 ? ("no fault", "无错误") : ($"{view.Faults} faults", $"共 {view.Faults} 处错误"), view.Faults == 0 ? Tone.Good : Tone.Bad);
    }

    /// <summary>Faults as compilers write them, so that editors find the place.</summary>
    public static void Show(this IReadOnlyList<TemplateFaultView> faults, Screen screen)
    {
        foreach (var fault in faults)
        {
            screen.Line($"  {fault.File}:{fault.Line}:{fault.Column}: {fault.Message}", Tone.Bad);
            screen.Line($"    {fault.Remedy}", Tone.Faint);
        }
    }
}
