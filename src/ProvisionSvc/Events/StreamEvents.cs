using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Events;

/// <summary>
/// Server-sent events: begins with <c>ready</c>, which holds the place to resume from; a place that is no longer kept is answered with <c>gap</c>, after
/// which a client reads anew what it shows.
/// </summary>
internal sealed class StreamEvents(NpgsqlDataSource dataSource, EventSignal signal, IHostApplicationLifetime life, TimeProvider clock, IOptions<EventOptions> options)
    : IDisposable
{
    private const int Page = 500;

    // One wake-up wakes every stream of the process; together they must not take the connections that orders need.
    private readonly SemaphoreSlim _few = new(4);

    // Found without a wake-up, should one have been missed.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public async Task<Results<ServerSentEventsResult<CloudEventView>, ProblemHttpResult>> OpenAsync(
        ClaimsPrincipal user, HttpRequest request, string[]? type, long? order, long? after, CancellationToken ct)
    {
        var caller = Caller.Of(user);
        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (order is { } id && await OrderViews.FindAsync(db, id, caller.DistrictFilter, ct) is null)
        {
            return Problems.NotFound("order", id.ToString());
        }

        // What a browser sends when it connects again outweighs the address that it connects to.
        var last = long.TryParse(request.Headers["Last-Event-ID"], out var seen) ? seen : after;
        var filter = new EventFilter(order, type is { Length: > 0 } ? [.. type.Select(EventRows.Pattern)] : null, caller.DistrictFilter);
        return TypedResults.ServerSentEvents(StreamAsync(caller.Name, filter, last, ct));
    }

    public void Dispose() => _few.Dispose();

    private async IAsyncEnumerable<SseItem<CloudEventView>> StreamAsync(string caller, EventFilter filter, long? last, [EnumeratorCancellation] CancellationToken requested)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(requested, life.ApplicationStopping);
        var ct = either.Token;
        var (oldest, newest) = await KeptAsync(ct);
        var place = last ?? newest;
        if (place > newest || (place > 0 && place < oldest - 1))
        {
            place = newest;
            yield return Say("gap", place);
        }

        yield return Say("ready", place);
        var quiet = clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            var next = signal.Next;
            var (found, reached) = await ReadAsync(place, filter, ct);
            foreach (var told in found)
            {
                yield return new(told.ToCloudEvent(), told.Kind) { EventId = $"{told.Sequence}" };
            }

            place = reached;
            if (found.Count > 0)
            {
                quiet = clock.GetTimestamp();
                continue;
            }

            if (clock.GetElapsedTime(quiet) > options.Value.Ping)
            {
                if (!await MayListenAsync(caller, ct))
                {
                    yield break;
                }

                quiet = clock.GetTimestamp();
                yield return Say("ping", place);
            }

            await Task.WhenAny(next, Task.Delay(options.Value.Ping < LongestWait ? options.Value.Ping : LongestWait, clock, ct));
        }
    }

    /// <summary>The next events, and how far everything has been looked through.</summary>
    private async Task<(List<SequencedEvent> Found, long Reached)> ReadAsync(long after, EventFilter filter, CancellationToken ct)
    {
        await _few.WaitAsync(ct);
        try
        {
            await using var db = await dataSource.OpenConnectionAsync(ct);
            var (_, newest) = await EventRows.KeptAsync(db, ct);
            var found = await EventRows.AfterAsync(db, after, filter, Page, ct);
            var last = found.Count > 0 ? found[^1].Sequence : after;
            return (found, found.Count < Page ? Math.Max(last, newest) : last);
        }
        finally
        {
            _few.Release();
        }
    }

    private async Task<(long Oldest, long Newest)> KeptAsync(CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await EventRows.KeptAsync(db, ct);
    }

    /// <summary>A token that was revoked ends its streams too.</summary>
    private async Task<bool> MayListenAsync(string caller, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync($"select exists (select from api_token where name = {caller} and revoked_at is null) as valid", r => r.Get<bool>("valid"), ct);
    }

    private SseItem<CloudEventView> Say(string what, long place) => new(
        new()
        {
            Id = $"{what}/{place}", Sequence = $"{place}", Source = "provisionsvc", Type = $"provisionsvc.stream.{what}", Subject = "stream", Time = clock.GetUtcNow(),
            Data = JsonSerializer.SerializeToElement(new { sequence = place }),
        },
        what) { EventId = $"{place}" };
}
