namespace ProvisionSvc.Tests.Templates;

/// <summary>Where the repository's data and the recorded devices lie.</summary>
internal static class Folders
{
    public static string Repository { get; } = FindRepository();

    public static string Templates => Path.Combine(Repository, "device-templates");

    /// <summary>A file of the recorded devices; skips at home when they are absent, fails where everything is required.</summary>
    public static string Recorded(params string[] path)
    {
        var root = Environment.GetEnvironmentVariable("PROVISION_DEVICEDATA") ?? Path.Combine(Repository, "..", "shared", "devicedata");
        var file = Path.Combine([root, .. path]);
        if (!File.Exists(file))
        {
            const string Why = "The recorded devices are absent; set PROVISION_DEVICEDATA to their folder.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1", Why);
            Assert.Fail(Why);
        }

        return file;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ProvisionSvc.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No ProvisionSvc.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
