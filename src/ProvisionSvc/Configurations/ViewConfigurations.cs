using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Configurations;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Configurations;

/// <summary>The archive as people read it.</summary>
internal static class ViewConfigurations
{
    public static async Task<Results<Ok<ConfigurationListView>, ProblemHttpResult>> ListAsync(
        string name, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SwitchRows.FindAsync(db, name, ct, Caller.Of(user).DistrictFilter) is not { } row)
        {
            return Problems.NotFound("switch", name);
        }

        var versions = await ConfigurationRows.VersionsAsync(db, row.Id, ct);
        var fetch = await db.FirstAsync(
            $"select fetched_at, due_at, problem from configuration_fetch where switch_id = {row.Id}",
            r => (FetchedAt: r.Get<DateTimeOffset?>("fetched_at"), DueAt: r.Get<DateTimeOffset?>("due_at"), Problem: r.Get<string?>("problem")), ct);
        return TypedResults.Ok(new ConfigurationListView(name, [.. versions.Select(View)], fetch.FetchedAt, fetch.DueAt, fetch.Problem));
    }

    /// <param name="at">The moment whose configuration is wanted; the newest where it is left out.</param>
    public static async Task<Results<Ok<ConfigurationView>, ProblemHttpResult>> ShowAsync(
        string name, DateTimeOffset? at, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SwitchRows.FindAsync(db, name, ct, Caller.Of(user).DistrictFilter) is not { } row)
        {
            return Problems.NotFound("switch", name);
        }

        var versions = await ConfigurationRows.VersionsAsync(db, row.Id, ct);
        return Chosen(versions, at) is { } chosen
            ? TypedResults.Ok(new ConfigurationView(name, View(chosen), await ConfigurationRows.TextAsync(db, row.Id, chosen.Id, ct)))
            : NotKept(name, versions, at);
    }

    /// <param name="since">The moment from which on changes are wanted.</param>
    /// <param name="at">Up to when; the newest where it is left out.</param>
    public static async Task<Results<Ok<ConfigurationDiffView>, ProblemHttpResult>> DiffAsync(
        string name, DateTimeOffset? since, DateTimeOffset? at, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        if (since is null)
        {
            return Problems.Invalid([new Fault("missing-parameter", "since", "Say since when: ?since=2030-01-31T00:00:00Z.")]);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await SwitchRows.FindAsync(db, name, ct, Caller.Of(user).DistrictFilter) is not { } row)
        {
            return Problems.NotFound("switch", name);
        }

        var versions = await ConfigurationRows.VersionsAsync(db, row.Id, ct);
        if (Chosen(versions, at) is not { } after)
        {
            return NotKept(name, versions, at);
        }

        // Nothing that old: what is known of the changes is everything since the oldest.
        var before = Chosen(versions, since) ?? versions[^1];
        var (old, now) = (await ConfigurationRows.TextAsync(db, row.Id, before.Id, ct), await ConfigurationRows.TextAsync(db, row.Id, after.Id, ct));
        var hunks = Hunk.Between(old.Split('\n'), now.Split('\n'));
        return TypedResults.Ok(new ConfigurationDiffView(name, View(before), View(after), [.. hunks.Select(h => new ConfigurationHunkView(h.BeforeLine, h.AfterLine, h.Lines))]));
    }

    /// <summary>The version that was the newest at that moment.</summary>
    private static ConfigurationVersion? Chosen(IReadOnlyList<ConfigurationVersion> versions, DateTimeOffset? at) => versions.FirstOrDefault(v => at is null || v.Since <= at);

    private static ConfigurationVersionView View(ConfigurationVersion v) => new(v.Id, v.Since, v.Until, v.Source, v.Lines, v.Octets);

    private static ProblemHttpResult NotKept(string name, IReadOnlyList<ConfigurationVersion> versions, DateTimeOffset? at) => Problems.Of(
        StatusCodes.Status404NotFound, "no-configuration",
        versions.Count == 0
            ? $"No configuration of {name} is kept yet: it is fetched after orders and once per Configurations:Interval while the switch is managed."
            : $"No configuration of {name} from {at:u} is kept; the oldest is from {versions[^1].Since:u}.");
}
