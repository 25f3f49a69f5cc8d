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

    public static void MapAlarms(this IEndpointRouteBuilder api)
    {
        api.MapGet("/alarms", ListAsync).WithName("listAlarms").Fails(400).ForReaders()
            .WithSummary("Alarms, newest first; open=true only those that stand, open=false only those that are over.");
        api.MapPost("/alarms/{id:long}/acknowledge", AcknowledgeAsync).WithName("acknowledgeAlarm").Fails(404).For(Roles.Engineering, Roles.Business)
            .WithSummary("Say that a person has seen the alarm.");
    }

    private static async Task<IReadOnlyList<AlarmView>> ListAsync(bool? open, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             select id, severity, what, remedy, raised_at, acknowledged_by, cleared_at from alarm
             where {open}::boolean is null or (cleared_at is null) = {open}
             order by id desc limit {MostShown}
             """,
            View,
            ct);
    }

    private static async Task<Results<Ok<AlarmView>, ProblemHttpResult>> AcknowledgeAsync(
        long id, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        var (now, who) = (clock.GetUtcNow(), Caller.Of(user).Name);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);

        // The first to acknowledge counts; doing it again changes nothing.
        var first = await db.ExecuteAsync($"update alarm set acknowledged_by = {who}, acknowledged_at = {now} where id = {id} and acknowledged_at is null", ct);
        var alarm = await db.FirstAsync($"select id, severity, what, remedy, raised_at, acknowledged_by, cleared_at from alarm where id = {id}", View, ct);
        if (alarm is null)
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
        r.Get<string?>("acknowledged_by"), r.Get<DateTimeOffset?>("cleared_at"));
}
