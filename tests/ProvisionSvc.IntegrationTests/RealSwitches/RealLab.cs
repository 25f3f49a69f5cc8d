using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>
/// Two real switches (<c>eng/lab.sh up 2</c>) in a state folder of their own, shared by the tests of one collection and gone with it.
/// Where the lab cannot be built (no root, no namespaces, packages missing) <see cref="Require"/> skips the test with the reason.
/// </summary>
public sealed class RealLab : IAsyncLifetime
{
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(30);

    // lab.sh: something is missing, nothing was built.
    private const int SomethingIsMissing = 2;

    private readonly string _state = Path.Combine(Path.GetTempPath(), $"provision-lab-{Guid.NewGuid():N}");
    private LabDescription? _description;
    private string _missing = "";

    public LabDescription Description => _description ?? throw new InvalidOperationException($"The lab is not up: {_missing}");

    public IReadOnlyList<LabSwitch> Switches => Description.Switches;

    public string State => _state;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
        {
            _missing = "the real-switch lab needs Linux.";
            return;
        }

        var up = await ScriptAsync(CancellationToken.None, "up", "2");
        if (up.ExitCode == SomethingIsMissing)
        {
            _missing = up.Error.Trim();
            return;
        }

        up.Succeeded();
        _description = LabDescription.Read(_state);
    }

    /// <summary>The first line of every test that uses the lab.</summary>
    public void Require() => Requires.That(_description is not null, _missing);

    public async ValueTask DisposeAsync()
    {
        if (_description is null)
        {
            return;
        }

        _description = null;
        (await ScriptAsync(CancellationToken.None, "down")).Succeeded();
    }

    /// <summary>Runs a command inside a namespace of the lab.</summary>
    public Task<CommandResult> ExecAsync(string ns, CancellationToken ct, params IReadOnlyList<string> command) =>
        BoundedCommand.RunAsync(CommandLimit, ct, ["ip", "netns", "exec", ns, .. command]);

    /// <summary>Types one line on a switch by hand: over SSH, with its host key pinned.</summary>
    public Task<CommandResult> TypeAsync(LabSwitch on, string line, CancellationToken ct) => BoundedCommand.RunAsync(CommandLimit, ct,
        ["ssh", "-F", "none", "-i", on.KeyFile, "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={on.KnownHostsFile}", "-o", "StrictHostKeyChecking=yes",
         "-p", $"{on.SshPort}", $"{on.User}@{on.Address}", line]);

    /// <summary>Runs <c>eng/lab.sh</c> with this lab's state folder.</summary>
    private Task<CommandResult> ScriptAsync(CancellationToken ct, params IReadOnlyList<string> arguments) =>
        BoundedCommand.RunAsync(UpLimit, ct, ["bash", Path.Combine(RepositoryFolder(), "eng", "lab.sh"), .. arguments, "--state", _state]);

    private static string RepositoryFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ProvisionSvc.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No ProvisionSvc.sln above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}

/// <summary>The tests on real switches share one lab and run one after the other: they measure.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealSwitches : ICollectionFixture<RealLab>
{
    public const string Name = "real switches";
}
