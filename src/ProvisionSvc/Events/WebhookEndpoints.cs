using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Events;

/// <summary>Who is told of events elsewhere.</summary>
internal static class WebhookEndpoints
{
    private static readonly string[] Standard = ["order.*", "item.*", "alarm.*"];

    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        api.MapPost("/webhooks", AddAsync).WithName("addWebhook").Fails(409).Takes<AddWebhookRequest>().For(Roles.Administrator)
            .WithSummary("Post events to a URL, signed, in order for each subject, at least once.");
        api.MapGet("/webhooks", ListAsync).WithName("listWebhooks").For(Roles.Engineering, Roles.Auditor).WithSummary("Webhooks, and how they go.");
        api.MapDelete("/webhooks/{name}", RemoveAsync).WithName("removeWebhook").Fails(404).For(Roles.Administrator).WithSummary("Tell this receiver nothing more.");
        api.MapPost("/webhooks/{name}/replay", ReplayAsync).WithName("replayWebhook").Fails(404).Takes<ReplayWebhookRequest>().For(Roles.Engineering)
            .WithSummary("Tell again what it has not taken, or everything since a sequence number.");
    }

    private static async Task<Results<Created<WebhookView>, ProblemHttpResult>> AddAsync(
        Body<AddWebhookRequest> body, ClaimsPrincipal user, WebhookTargets targets, CredentialKeys keys, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        IReadOnlyList<Fault> faults = body.Faults.Count > 0 ? body.Faults : [.. Faults(body.Value, targets)];
        if (faults.Count > 0)
        {
            return Problems.Invalid(faults);
        }

        var (hook, who, now) = (body.Value, Caller.Of(user).Name, clock.GetUtcNow());
        string[] kinds = [.. (hook.Types.Count > 0 ? hook.Types : Standard).Select(EventRows.Pattern)];
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var added = await db.ExecuteAsync(
            $"""
             insert into webhook (name, url, kinds, subjects, districts, generation, secret, created_by, created_at)
             values ({hook.Name}, {hook.Url}, {kinds}, {EventRows.Pattern(hook.Subject ?? "*")}, {hook.Districts.ToArray()}, 1, {WebhookSecret.Seal(keys, hook.Name, 1, hook.Secret)}, {who}, {now})
             on conflict do nothing
             """,
            ct);
        if (added == 0)
        {
            return Problems.Conflict("webhook-exists", $"There is a webhook \"{hook.Name}\" already; remove it first, or choose another name.");
        }

        await db.WriteAuditAsync(now, who, "webhook.add", hook.Name, new { hook.Url, kinds, hook.Subject, hook.Districts }, ct);
        var view = (await ViewsAsync(db, ct)).First(w => w.Name == hook.Name);
        await tx.CommitAsync(ct);
        return TypedResults.Created((string?)null, view);
    }

    private static IEnumerable<Fault> Faults(AddWebhookRequest hook, WebhookTargets targets)
    {
        if (hook.Name.Length is 0 or > 64 || !hook.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            yield return new("invalid-name", "name", "A webhook's name has 1 to 64 letters, digits, '.', '-' or '_'.");
        }

        if (targets.WhyNot(hook.Url) is { } forbidden)
        {
            yield return new("url-not-allowed", "url", forbidden);
        }

        if (WebhookSecret.WhyNot(hook.Secret) is { } weak)
        {
            yield return new("invalid-secret", "secret", weak);
        }

        foreach (var text in hook.Types.Append(hook.Subject ?? "*").Where(t => t.Length is 0 or > 64 || t.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '*' or '/' or '-'))))
        {
            yield return new("invalid-filter", "types", $"\"{text}\" is no filter such as order.* or alarm/*.");
        }
    }

    private static async Task<IReadOnlyList<WebhookView>> ListAsync(NpgsqlDataSource dataSource, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await ViewsAsync(db, ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        string name, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        if (await db.ExecuteAsync($"delete from webhook where name = {name}", ct) == 0)
        {
            return Problems.NotFound("webhook", name);
        }

        await db.ClearAlarmAsync(clock.GetUtcNow(), $"webhook-dead:{name}", ct);
        await db.WriteAuditAsync(clock.GetUtcNow(), Caller.Of(user).Name, "webhook.remove", name, new { }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ReplayedWebhookView>, ProblemHttpResult>> ReplayAsync(
        string name, Body<ReplayWebhookRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var id = await db.FirstAsync($"select id from webhook where name = {name} for update", r => r.Get<long>("id"), ct);
        if (id == 0)
        {
            return Problems.NotFound("webhook", name);
        }

        var events = await db.ExecuteAsync($"update webhook_delivery set dead_at = null, attempts = 0, next_at = now() where webhook_id = {id} and dead_at is not null", ct);
        if (body.Value.From is { } from)
        {
            events += await db.ExecuteAsync(
                $"""
                 insert into webhook_delivery (webhook_id, sequence, subject, next_at)
                 select h.id, e.sequence, e.subject, now() from event e
                 join webhook h on h.id = {id} and e.kind like any(h.kinds) and e.subject like h.subjects
                     and (cardinality(h.districts) = 0 or e.order_id is null or e.district = any(h.districts))
                 where e.sequence >= {from}
                 on conflict do nothing
                 """,
                ct);
        }

        await db.ClearAlarmAsync(clock.GetUtcNow(), $"webhook-dead:{name}", ct);
        await db.WriteAuditAsync(clock.GetUtcNow(), Caller.Of(user).Name, "webhook.replay", name, new { body.Value.From, events }, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new ReplayedWebhookView(name, events));
    }

    private static Task<List<WebhookView>> ViewsAsync(NpgsqlConnection db, CancellationToken ct) => db.QueryAsync(
        $"""
         select h.name, h.url, h.kinds, h.subjects, h.districts, h.created_by, h.created_at, h.delivered, h.last_at, h.last_error,
                (select count(*)::int from webhook_delivery d where d.webhook_id = h.id and d.dead_at is null) as waiting,
                (select count(*)::int from webhook_delivery d where d.webhook_id = h.id and d.dead_at is not null) as dead
         from webhook h order by h.name
         """,
        r => new WebhookView
        {
            Name = r.Get<string>("name"), Url = r.Get<string>("url"), Types = [.. r.Get<string[]>("kinds").Select(EventRows.Shown)], Subject = EventRows.Shown(r.Get<string>("subjects")),
            Districts = r.Get<int[]>("districts"), CreatedBy = r.Get<string>("created_by"), CreatedAt = r.Get<DateTimeOffset>("created_at"), Delivered = r.Get<long>("delivered"),
            Waiting = r.Get<int>("waiting"), Dead = r.Get<int>("dead"), LastDeliveryAt = r.Get<DateTimeOffset?>("last_at"), LastError = r.Get<string?>("last_error"),
        },
        ct);
}
