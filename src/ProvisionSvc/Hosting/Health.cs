using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using OpenTelemetry.Metrics;
using ProvisionSvc.Database;

namespace ProvisionSvc.Hosting;

/// <summary>/healthz: the process lives. /readyz: the database answers. /metrics: Prometheus text.</summary>
internal static class Health
{
    public static void AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", tags: ["ready"]);
        services.AddOpenTelemetry().WithMetrics(m => m
            .AddAspNetCoreInstrumentation()
            .AddMeter("ProvisionSvc", "ProvisionSvc.Snmp", "Npgsql", "System.Runtime")
            .AddPrometheusExporter());
    }

    public static void MapHealth(this WebApplication app)
    {
        // Short-circuited: a token sent along is not looked up, so these answer while the database is away.
        app.MapHealthChecks("/healthz", new() { Predicate = _ => false }).AllowAnonymous().ShortCircuit();
        app.MapHealthChecks("/readyz", new() { Predicate = c => c.Tags.Contains("ready") }).AllowAnonymous().ShortCircuit();

        // Figures without names of customers; scrapers carry no tokens.
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous().ShortCircuit();
    }

    private sealed class DatabaseAnswers(NpgsqlDataSource dataSource) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
                await db.ExecuteAsync($"select 1", cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException away)
            {
                return HealthCheckResult.Unhealthy("The database does not answer.", away);
            }
        }
    }
}
