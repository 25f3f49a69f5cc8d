using System.Text.Json;
using System.Threading.Channels;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Orders;

/// <summary>What is told of one order while it runs, where the service streams it; else nothing ever comes, and the order is asked for.</summary>
internal sealed class OrderNews : IAsyncDisposable
{
    private readonly Channel<(string Kind, CloudEventView Event)> _heard = Channel.CreateUnbounded<(string, CloudEventView)>();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _reading;

    private OrderNews(EventStream? stream) => _reading = stream is null ? Task.CompletedTask : ReadAsync(stream, _ended.Token);

    /// <summary>The stream stands: there is no need to ask often.</summary>
    public bool IsLive => !_reading.IsCompleted;

    public static async Task<OrderNews> OpenAsync(Session session, long order, CancellationToken ct) => new(await session.Api.OpenEventsAsync(order, after: 0, [], ct));

    /// <summary>Waits until the order is worth asking for: its state has changed, or so much time has gone by. Shows the lines that are told meanwhile.</summary>
    public async Task WaitAsync(Session session, long began, TimeSpan longest, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(longest, session.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            while (await _heard.Reader.WaitToReadAsync(either.Token))
            {
                var changed = false;
                while (_heard.Reader.TryRead(out var told))
                {
                    changed |= told.Kind.StartsWith("order.", StringComparison.Ordinal) && told.Kind != "order.accepted";
                    Show(session, began, told.Kind, told.Event);
                }

                if (changed)
                {
                    return;
                }
            }

            // Nothing more will be heard: the rest of the pause goes by.
            await Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // No news in time: the order is asked for.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading;
        _ended.Dispose();
    }

    private async Task ReadAsync(EventStream stream, CancellationToken ct)
    {
        using (stream)
        {
            try
            {
                await foreach (var told in stream.ReadAsync(ct))
                {
                    _heard.Writer.TryWrite(told);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                // Nobody listens any more.
            }
        }

        _heard.Writer.Complete();
    }

    private static void Show(Session session, long began, string kind, CloudEventView told)
    {
        if (kind.StartsWith("line.", StringComparison.Ordinal))
        {
            var outcome = kind["line.".Length..];
            session.Notes.Line(
                $"{$"{session.Clock.GetElapsedTime(began).TotalSeconds:0.0} s",8}    {Text(told, "switch")} {Text(told, "ifName")}  {Text(told, "line").ReplaceLineEndings(" ")}  {outcome}",
                outcome == "confirmed" ? Tone.Faint : Tone.Waiting);
        }
    }

    private static string Text(CloudEventView told, string member) =>
        told.Data.ValueKind == JsonValueKind.Object && told.Data.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
