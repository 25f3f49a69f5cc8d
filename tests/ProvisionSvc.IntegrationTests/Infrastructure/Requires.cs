namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>
/// What a test needs from the machine. Missing: the test is skipped with the reason; with <c>PROVISION_REQUIRE_ALL=1</c> (the build) it fails.
/// </summary>
public static class Requires
{
    public static bool All => Environment.GetEnvironmentVariable("PROVISION_REQUIRE_ALL") == "1";

    /// <summary>Goes on where <paramref name="present"/>, else skips or fails with <paramref name="reason"/>.</summary>
    public static void That(bool present, string reason)
    {
        if (!present)
        {
            Missing(reason);
        }
    }

    /// <summary>Goes on where the program is on the PATH (or in sbin); returns its full path.</summary>
    public static string Program(string name, string package)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Concat(["/usr/sbin", "/sbin", "/usr/local/sbin"])
            .Where(d => d.Length > 0)
            .Select(d => Path.Combine(d, name))
            .FirstOrDefault(File.Exists);
        That(found is not null, $"{name} is missing; install the package {package} (eng/setup.sh test).");
        return found!;
    }

    public static void Missing(string reason)
    {
        if (All)
        {
            Assert.Fail($"PROVISION_REQUIRE_ALL=1, and {reason}");
        }

        Assert.Skip(reason);
    }
}
