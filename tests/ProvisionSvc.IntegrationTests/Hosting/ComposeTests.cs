using System.Diagnostics;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Hosting;

/// <summary>No container engine runs here; that docker-compose.yml can be read, and that what it mounts exists, is checked.</summary>
public sealed class ComposeTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_compose_file_is_valid_and_mounts_what_there_is()
    {
        var program = Requires.Program("docker-compose", "docker-compose");
        var file = Checkout.File("docker-compose.yml");
        var start = new ProcessStartInfo(program, ["-f", file, "config"]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var compose = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        var said = compose.StandardOutput.ReadToEndAsync(_ct);
        var complained = compose.StandardError.ReadToEndAsync(_ct);
        await compose.WaitForExitAsync(_ct);
        Assert.True(compose.ExitCode == 0, await complained);

        var config = await said;
        Assert.Contains("postgres:", config, StringComparison.Ordinal);
        var root = Path.GetDirectoryName(file)!;
        var mounted = config.Split('\n').Select(l => l.Trim().TrimStart('-').Trim()).Where(l => l.StartsWith(root, StringComparison.Ordinal) || l.StartsWith($"source: {root}", StringComparison.Ordinal))
            .Select(l => l.Replace("source: ", "", StringComparison.Ordinal).Split(':')[0]);
        Assert.All(mounted, m => Assert.True(Path.Exists(m), $"{m} is mounted and does not exist"));
    }
}
