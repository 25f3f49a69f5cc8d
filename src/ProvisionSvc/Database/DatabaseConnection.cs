namespace ProvisionSvc.Database;

/// <summary>
/// The database of this process: <c>ConnectionStrings:Provision</c> (the service's role) with <c>ConnectionStrings:ProvisionOwner</c> (migrates), or a
/// private cluster in the state directory where neither is given.
/// </summary>
internal sealed partial class DatabaseConnection : IAsyncDisposable
{
    private readonly PrivateCluster? _cluster;

    private DatabaseConnection(string service, PrivateCluster? cluster)
    {
        Service = service;
        _cluster = cluster;
    }

    /// <summary>The connection string that the service runs with.</summary>
    public string Service { get; }

    public static async Task<DatabaseConnection> OpenAsync(IConfiguration configuration, string stateDirectory, ILogger logger, CancellationToken ct)
    {
        if (configuration.GetConnectionString("Provision") is { Length: > 0 } service)
        {
            var owner = configuration.GetConnectionString("ProvisionOwner");
            if (string.IsNullOrEmpty(owner))
            {
                Log.OneRole(logger);
            }

            await Migrate.RunAsync(owner is { Length: > 0 } ? owner : service, logger, ct);
            return new(service, null);
        }

        var cluster = await PrivateCluster.StartAsync(Path.Combine(stateDirectory, "postgres"), logger, ct);
        try
        {
            await cluster.CreateDatabaseAsync("provision", null, ct);
            await Migrate.RunAsync(cluster.OwnerConnectionString(), logger, ct);
            return new(cluster.ServiceConnectionString(), cluster);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1004, Level = LogLevel.Warning,
            Message = "ConnectionStrings:ProvisionOwner is missing: one role owns and serves, so audit rows are not protected from the service")]
        public static partial void OneRole(ILogger logger);
    }
}
