namespace ProvisionSvc.Tests.Documents;

/// <summary>The repository's own files: nothing built, fetched or left behind by a run.</summary>
internal static class TextFiles
{
    private static readonly string[] NotOurs = ["bin", "obj", "artifacts", "TestResults", "BenchmarkDotNet.Artifacts", "node_modules"];

    /// <summary>Files whose names end so.</summary>
    public static IEnumerable<string> Under(string folder, params string[] endings)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => endings.Any(e => f.EndsWith(e, StringComparison.Ordinal))))
        {
            yield return file;
        }

        var deeper = Directory.EnumerateDirectories(folder).Where(d => Path.GetFileName(d) is var name && !NotOurs.Contains(name) && (name[0] != '.' || name == ".ci"));
        foreach (var file in deeper.SelectMany(d => Under(d, endings)))
        {
            yield return file;
        }
    }
}
