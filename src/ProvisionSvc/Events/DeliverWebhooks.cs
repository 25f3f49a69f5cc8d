using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Events;

/// <summary>
/// Tells webhooks what they are owed: at least once, and in order for each subject. A receiver that refuses or is away is asked again after a pause that
/// grows, and delays nobody but itself; what it refuses to the end is a dead letter.
/// </summary>
internal sealed partial class DeliverWebhooks(
    NpgsqlDataSource dataSource, EventSignal signal, WebhookTargets targets, CredentialKeys keys, TimeProvider clock, IOptions<EventOptions> options, ILogger<DeliverWebhooks> logger)
    : BackgroundService
{
    private const int AtOnce = 16;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private sealed record Hook(long Id, string Name, string Url, int Generation, byte[] Secret);

    private sealed record Letter(int Attempts, SequencedEvent Event);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<long, Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var next = signal.Next;
                foreach (var hook in await DueAsync(stoppingToken))
                {
                    if (!running.TryGetValue(hook.Id, out var task) || task.IsCompleted)
                    {
                        running[hook.Id] = RunAsync(hook, stoppingToken);
                    }
                }

                await Task.WhenAny([next, Task.Delay(LongestWait, clock, stoppingToken), .. running.Values.Where(t => !t.IsCompleted)]);
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
                await Task.Delay(LongestWait, clock, stoppingToken);
            }
        }

        await Task.WhenAll(running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<List<Hook>> DueAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"select id, name, url, generation, secret from webhook h where exists (select from webhook_delivery d where d.webhook_id = h.id and d.dead_at is null and d.next_at <= now())",
            r => new Hook(r.Get<long>("id"), r.Get<string>("name"), r.Get<string>("url"), r.Get<int>("generation"), r.Get<byte[]>("secret")),
            ct);
    }

    private async Task RunAsync(Hook hook, CancellationToken ct)
    {
        await Task.Yield();
        try
        {
            while (await ClaimAsync(hook, ct) is { Count: > 0 } letters)
            {
                await Parallel.ForEachAsync(letters, new ParallelOptions { MaxDegreeOfParallelism = AtOnce / 4, CancellationToken = ct }, async (letter, inner) =>
                    await SettleAsync(hook, letter, await SendAsync(hook, letter.Event, inner), inner));
            }
        }
        catch (NpgsqlException away)
        {
            Log.Later(logger, away.Message);
        }
        catch (Exception unexpected) when (unexpected is not OperationCanceledException)
        {
            // One receiver's fault must not end the worker; what it was owed has been put off when it was taken.
            Log.Failed(logger, hook.Name, unexpected);
        }
    }

    /// <summary>
    /// The next of each subject, put off for as long as we may need with them: no other worker takes them meanwhile, and one that dies with them delays them only.
    /// </summary>
    private async Task<List<Letter>> ClaimAsync(Hook hook, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.QueryAsync(
            $"""
             update webhook_delivery d set attempts = d.attempts + 1, next_at = now() + {options.Value.WebhookTimeout * 5}
             from event e
             where e.sequence = d.sequence and d.webhook_id = {hook.Id} and d.sequence in (
                 select o.sequence from webhook_delivery o
                 where o.webhook_id = {hook.Id} and o.dead_at is null and o.next_at <= now()
                   and not exists (select from webhook_delivery b where b.webhook_id = o.webhook_id and b.subject = o.subject and b.dead_at is null and b.sequence < o.sequence)
                 order by o.sequence limit {AtOnce} for update skip locked)
             returning d.attempts, e.sequence, e.at, e.kind, e.subject, e.payload
             """,
            r => new Letter(r.Get<int>("attempts"), SequencedEvent.Of(r)),
            ct);
    }

    /// <summary>Null when the receiver took it; else what came instead.</summary>
    private async Task<string?> SendAsync(Hook hook, SequencedEvent told, CancellationToken ct)
    {
        if (targets.WhyNot(hook.Url) is { } forbidden)
        {
            return forbidden;
        }

        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(told.ToCloudEvent(), Json.Options);
            var (id, timestamp, signature) = WebhookSecret.Sign(keys, hook.Name, hook.Generation, hook.Secret, told.Sequence, clock.GetUtcNow(), body);
            using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url)
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/cloudevents+json", "utf-8") } },
            };
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", timestamp);
            request.Headers.Add("webhook-signature", signature);
            request.Headers.UserAgent.ParseAdd("ProvisionSvc");
            using var answer = await targets.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : $"{hook.Url} answered {(int)answer.StatusCode}.";
        }
        catch (HttpRequestException lost)
        {
            return $"{hook.Url}: {lost.InnerException?.Message ?? lost.Message}";
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            return $"{hook.Url} did not answer within {options.Value.WebhookTimeout.TotalSeconds:0.#} s: {late.Message}";
        }
        catch (CryptographicException sealedOtherwise)
        {
            return $"The secret of webhook {hook.Name} cannot be opened ({sealedOtherwise.Message}); restore the key file, or add the webhook again.";
        }
    }

    private async Task SettleAsync(Hook hook, Letter letter, string? error, CancellationToken ct)
    {
        ServiceMetrics.WebhooksSent.Add(1, new KeyValuePair<string, object?>("outcome", error is null ? "taken" : "refused"));
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var (now, dead) = (clock.GetUtcNow(), letter.Attempts >= options.Value.WebhookAttempts);

        // By the number of the attempt: what another worker has since begun is not ours to settle.
        var settled = error is null
            ? await db.ExecuteAsync($"delete from webhook_delivery where webhook_id = {hook.Id} and sequence = {letter.Event.Sequence} and attempts = {letter.Attempts}", ct)
            : await db.ExecuteAsync(
                $"""
                 update webhook_delivery set error = {error}, next_at = now() + {Pause(letter.Attempts)}, dead_at = {(dead ? now : default(DateTimeOffset?))}
                 where webhook_id = {hook.Id} and sequence = {letter.Event.Sequence} and attempts = {letter.Attempts}
                 """,
                ct);
        if (settled > 0)
        {
            await db.ExecuteAsync(
                $"update webhook set delivered = delivered + {(error is null ? 1 : 0)}, last_at = case when {error} is null then {now} else last_at end, last_error = {error} where id = {hook.Id}", ct);
        }

        if (settled > 0 && error is not null && dead)
        {
            await db.RaiseAlarmAsync(now, $"webhook-dead:{hook.Name}", "minor", $"Webhook {hook.Name} was not told event {letter.Event.Sequence} after {letter.Attempts} attempts: {error}",
                $"Mend the receiver, then provision webhook replay {hook.Name}.", ct);
            Log.Dead(logger, hook.Name, letter.Event.Sequence, error);
        }

        await tx.CommitAsync(ct);
    }

    /// <summary>Doubling, and spread so that many do not come back in the same moment.</summary>
    private TimeSpan Pause(int attempts)
    {
        var longest = options.Value.WebhookLongestPause;
        var pause = options.Value.WebhookPause * Math.Pow(2, Math.Min(attempts - 1, 30));
        return (pause < longest ? pause : longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 6003, Level = LogLevel.Warning, Message = "Webhooks are told later: {Why}")]
        public static partial void Later(ILogger logger, string why);

        [LoggerMessage(EventId = 6004, Level = LogLevel.Warning, Message = "Webhook {Webhook} was not told event {Sequence}: {Why}")]
        public static partial void Dead(ILogger logger, string webhook, long sequence, string why);

        [LoggerMessage(EventId = 6005, Level = LogLevel.Error, Message = "Webhook {Webhook} cannot be told")]
        public static partial void Failed(ILogger logger, string webhook, Exception exception);
    }
}
