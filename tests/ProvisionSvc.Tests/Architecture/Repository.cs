using System.Xml.Linq;

namespace ProvisionSvc.Tests.Architecture;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    public static readonly string Root = FindRoot();

    public static IEnumerable<string> Sources => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));

    public static IEnumerable<string> Projects => Directory.EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories);

    public static IReadOnlyList<string> References(string project, string kind) => [.. XDocument.Load(project)
        .Descendants(kind).Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value + (kind == "PackageReference" ? ".x" : ""))).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ProvisionSvc.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No ProvisionSvc.sln above {AppContext.BaseDirectory}.");
    }
}
