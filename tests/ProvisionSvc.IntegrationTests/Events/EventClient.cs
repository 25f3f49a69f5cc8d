using System.Net.ServerSentEvents;
using System.Text.Json;

namespace ProvisionSvc.IntegrationTests.Events;

/// <summary>Reads the service's stream as a browser does.</summary>
internal sealed class EventClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventClient(HttpResponseMessage response, Stream stream, CancellationToken ct)
    {
        _response = response;
        _items = SseParser.Create(stream).EnumerateAsync(ct).GetAsyncEnumerator(ct);
    }

    public static async Task<EventClient> OpenAsync(HttpClient client, string query, string? lastEventId, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new(response, await response.Content.ReadAsStreamAsync(ct), ct);
    }

    /// <summary>The next event that is no ping; null at the end of the stream.</summary>
    public async Task<(string Kind, long Id, JsonElement Data)?> NextAsync()
    {
        while (await _items.MoveNextAsync())
        {
            if (_items.Current.EventType != "ping")
            {
                return (_items.Current.EventType, long.Parse(_items.Current.EventId!), JsonDocument.Parse(_items.Current.Data).RootElement.GetProperty("data"));
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        _response.Dispose();
    }
}
