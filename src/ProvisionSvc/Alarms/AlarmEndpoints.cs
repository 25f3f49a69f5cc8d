using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Alarms;

internal static class AlarmEndpoints
{
    private const int MostShown = 1000;
    private const int MostEarlier = 20;

    public static void AddAlarms(this IServiceCollection services, ProvisionOptions options)
    {
        if (options.RunsWorker)
        {
            services.AddHostedService<WatchClock>();
        }
    }

    public static void MapAlarms(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alarms", ListAsync).WithName("listAlarms").Fails(400, 422).ForReaders()
            .WithSummary("Alarms, newest first; open=true only those that stand, open=false only those that are over.");
        api.MapGet("/alarms/{id:long}", ShowAsync).WithName("showAlarm").Fails(404).ForReaders()
            .WithSummary("One alarm with its history, and the earlier ones about the same thing.");
        api.MapPost("/alarms/{id:long}/acknowledge", AcknowledgeAsync).WithName("acknowledgeAlarm").Fails(404).For(Roles.Engineering, Roles.Business)
            .WithSummary("Say that a person has seen the alarm.");
    }

    private static async Task<Results<Ok<IReadOnlyList<AlarmView>>, ProblemHttpResult>> ListAsync(
        NpgsqlDataSource dataSource, CancellationToken ct, bool? open = null, string? severity = null, string? key = null)
    {
        if (severity is not null && !Rows.Severities.Contains(severity))
        {
            return Problems.Invalid([new("unknown-severity", "severity", $"\"{severity}\" is not a severity; known are {string.Join(", ", Rows.Severities)}.")]);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        return TypedResults.Ok<IReadOnlyList<AlarmView>>(await db.QueryAsync(
            $"""
             select id, severity, what, remedy, raised_at, acknowledged_by, cleared_at, times, last_raised_at, acknowledged_at, key from alarm
             where ({open}::boolean is null or (cleared_at is null) = {open}) and ({severity} is null or severity = {severity}) and ({key} is null or key = {key})
             order by id desc limit {MostShown}
             """,
            View,
            ct));
    }

    private static async Task<Results<Ok<AlarmDetailView>, ProblemHttpResult>> ShowAsync(long id, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await FindAsync(db, id, ct) is not { } alarm)
        {
            return Problems.NotFound("alarm", id.ToString());
        }

        var history = await db.QueryAsync(
            $"select at, what, who, severity, text from alarm_history where alarm_id = {id} order by id desc limit {MostShown}",
            r => new AlarmHistoryView(r.Get<DateTimeOffset>("at"), r.Get<string>("what"), r.Get<string?>("who"), r.Get<string>("severity"), r.Get<string>("text")),
            ct);
        var earlier = await db.QueryAsync(
            $"""
             select id, severity, what, remedy, raised_at, acknowledged_by, cleared_at, times, last_raised_at, acknowledged_at, key from alarm
             where key = {alarm.Key} and id < {id} order by id desc limit {MostEarlier}
             """,
            View,
            ct);
        history.Reverse();
        return TypedResults.Ok(new AlarmDetailView(alarm, history, earlier));
    }

    private static Task<AlarmView?> FindAsync(NpgsqlConnection db, long id, CancellationToken ct) => db.FirstAsync(
        $"select id, severity, what, remedy, raised_at, acknowledged_by, cleared_at, times, last_raised_at, acknowledged_at, key from alarm where id = {id}", View, ct);

    private static async Task<Results<Ok<AlarmView>, ProblemHttpResult>> AcknowledgeAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        var (now, who) = (clock.GetUtcNow(), Caller.Of(user).Name);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);

        // The first to acknowledge counts; doing it again changes nothing.
        var first = await db.ExecuteAsync($"update alarm set acknowledged_by = {who}, acknowledged_at = {now} where id = {id} and acknowledged_at is null", ct);
        if (await FindAsync(db, id, ct) is not { } alarm)
        {
            return Problems.NotFound("alarm", id.ToString());
        }

        if (first > 0)
        {
            await db.WriteAuditAsync(now, who, "alarm.acknowledge", $"alarm/{id}", new { alarm.What }, ct);
        }

        await tx.CommitAsync(ct);
        return TypedResults.Ok(alarm);
    }

    private static AlarmView View(NpgsqlDataReader r) => new(
        r.Get<long>("id"), r.Get<string>("severity"), r.Get<string>("what"), r.Get<string>("remedy"), r.Get<DateTimeOffset>("raised_at"),
        r.Get<string?>("acknowledged_by"), r.Get<DateTimeOffset?>("cleared_at"), r.Get<int>("times"), r.Get<DateTimeOffset>("last_raised_at"),
        r.Get<DateTimeOffset?>("acknowledged_at"), r.Get<string>("key"));
}
