using System.Net.ServerSentEvents;
using System.Text.Json;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>An open stream of events.</summary>
internal sealed class EventStream(HttpResponseMessage response) : IDisposable
{
    /// <summary>Events as they come, with their kinds; ends when the service, the network or <paramref name="ct"/> ends it.</summary>
    public async IAsyncEnumerable<(string Kind, CloudEventView Event)> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        await using var items = SseParser.Create(stream, (_, bytes) => JsonSerializer.Deserialize(bytes, ApiJson.Default.CloudEventView)).EnumerateAsync(ct).GetAsyncEnumerator(ct);
        while (await NextAsync(items))
        {
            if (items.Current.Data is { } told)
            {
                yield return (items.Current.EventType, told);
            }
        }
    }

    public void Dispose() => response.Dispose();

    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<CloudEventView?>> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or JsonException)
        {
            // The service restarts, or the network is cut: whoever reads asks again, or opens another stream.
            return false;
        }
    }
}
