using System.Text.RegularExpressions;

namespace ProvisionSvc.Devices.Templates;

/// <summary>One family's folder as files, wherever they come from: by their path in it, <c>template.yaml</c> and <c>samples/5.1/expected.yaml</c>.</summary>
public sealed record TemplateFolder(string Name, IReadOnlyDictionary<string, string> Files)
{
    public const string TemplateFile = "template.yaml";

    private const string Samples = "samples/";

    /// <summary>Larger files are no samples; they are left out, and whatever names them says so.</summary>
    private const long LargestFile = 8 << 20;

    /// <summary>The folder of this name; without files where there is none.</summary>
    public static TemplateFolder Load(string directory, string name)
    {
        var folder = Path.Combine(directory, name);
        return new(name, !Directory.Exists(folder) ? new Dictionary<string, string>() : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => new FileInfo(f).Length <= LargestFile)
            .ToDictionary(f => Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal));
    }

    /// <summary>The folders of a directory.</summary>
    public static IReadOnlyList<string> Names(string directory) =>
        Directory.Exists(directory) ? [.. Directory.EnumerateDirectories(directory).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)] : [];

    /// <summary>The samples by their name, each with its own files.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> SampleFolders => Files
        .Where(f => f.Key.StartsWith(Samples, StringComparison.Ordinal) && f.Key.IndexOf('/', Samples.Length) > 0)
        .GroupBy(f => f.Key.Split('/')[1], StringComparer.Ordinal)
        .ToDictionary(
            g => g.Key,
            IReadOnlyDictionary<string, string> (g) => g.ToDictionary(f => f.Key[(Samples.Length + g.Key.Length + 1)..], f => f.Value, StringComparer.Ordinal),
            StringComparer.Ordinal);
}

/// <summary>A family's template and samples as they were checked.</summary>
/// <param name="Loaded">Null where the template itself has faults.</param>
public sealed record CheckedTemplate(string Name, LoadedTemplate? Loaded, IReadOnlyList<string> Samples, IReadOnlyList<TemplateFault> Faults);

/// <summary>Loads a template, lints it and runs each of its samples: the tests, the service and the command run this same check.</summary>
public static class CheckTemplate
{
    public static CheckedTemplate Run(TemplateFolder folder)
    {
        var file = $"{folder.Name}/{TemplateFolder.TemplateFile}";
        if (!folder.Files.TryGetValue(TemplateFolder.TemplateFile, out var yaml))
        {
            return new(folder.Name, null, [], [new(file, 1, 1, "The folder has no template.", $"Add {TemplateFolder.TemplateFile}, or take the folder away.")]);
        }

        var (loaded, found) = TemplateReader.Read(file, folder.Name, yaml);
        var faults = found.ToList();
        if (!folder.Files.ContainsKey("README.md"))
        {
            faults.Add(new($"{folder.Name}/README.md", 1, 1, "The folder has no README.md.", "Write where each fact comes from, and what is left out and why."));
        }

        var samples = folder.SampleFolders;
        if (samples.Count == 0)
        {
            faults.Add(new($"{folder.Name}/samples", 1, 1, "There is no sample.", "Add samples/<version>/expected.yaml with what a switch printed beside it, or record one."));
        }

        if (loaded is not null)
        {
            faults.AddRange(samples.OrderBy(s => s.Key, StringComparer.Ordinal).SelectMany(s => Sample(loaded, s.Key, s.Value)));
        }

        return new(folder.Name, loaded, [.. samples.Keys.Order(StringComparer.Ordinal)], faults);
    }

    private static IReadOnlyList<TemplateFault> Sample(LoadedTemplate loaded, string name, IReadOnlyDictionary<string, string> files)
    {
        try
        {
            return TemplateSample.Check(loaded, name, files);
        }
        catch (RegexMatchTimeoutException slow)
        {
            return [new($"{loaded.Name}/samples/{name}", 1, 1, $"A pattern takes too long on it: {slow.Pattern}", "Write it without looking around or back; then its time grows with the text only.")];
        }
    }
}
