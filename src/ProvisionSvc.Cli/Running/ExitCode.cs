namespace ProvisionSvc.Cli.Running;

/// <summary>What a script learns from a run.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It failed, or the answer is no.</summary>
    public const int Error = 1;

    /// <summary>Something would change, or has not come to its end yet.</summary>
    public const int ChangesPending = 2;

    /// <summary>Ended by Ctrl-C or SIGTERM, as shells report it.</summary>
    public const int Interrupted = 130;
}
