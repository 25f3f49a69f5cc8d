using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Events;

/// <summary><c>event watch</c>: one line per event, until Ctrl-C.</summary>
internal static class WatchEvents
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static UseCase Create()
    {
        var types = new Option<string[]>("--type") { HelpName = "KIND", Description = "Only these kinds, such as order.* or alarm.raised; repeat for more. Default: all" };
        var order = new Option<long?>("--order") { HelpName = "N", Description = "Only of this order" };
        var after = new Option<long?>("--after") { HelpName = "SEQUENCE", Description = "What came after this one too, as far as it is kept. Default: what happens from now on" };
        return new UseCase(
            "watch", "Show what happens, one line per event, until interrupted; an interrupted stream is taken up where it broke",
            ["event watch", "event watch --type 'order.*' --type 'alarm.*'", "event watch --order 17 --after 0", "event watch --after 4711 --output json"], [types, order, after],
            async (parse, session, ct) =>
            {
                var (place, heard, said) = (parse.GetValue(after), false, false);
                while (true)
                {
                    if (await session.Api.OpenEventsAsync(parse.GetValue(order), place, parse.GetValue(types) ?? [], ct) is { } stream)
                    {
                        place = await ListenAsync(session, stream, place, ct);
                        (heard, said) = (true, false);
                    }
                    else if (!heard)
                    {
                        throw new ApiException(ApiFault.Refused, session.Say(("The service does not stream events to this token now.", "服务当前不向该令牌推送事件。")));
                    }

                    if (!said)
                    {
                        session.Notes.Line(("the stream ended; opening it again", "事件流中断，正在重连"), Tone.Waiting);
                        said = true;
                    }

                    await Task.Delay(TimeSpan.FromSeconds(1), session.Clock, ct);
                }
            });
    }

    /// <summary>Where to go on from.</summary>
    private static async Task<long?> ListenAsync(Session session, EventStream stream, long? place, CancellationToken ct)
    {
        using (stream)
        {
            await foreach (var (kind, told) in stream.ReadAsync(ct))
            {
                place = long.TryParse(told.Sequence, out var reached) ? reached : place;
                if (kind == "gap")
                {
                    session.Notes.Line(("what came before is no longer kept", "更早的事件已不再保留"), Tone.Waiting);
                }
                else if (kind is not ("ready" or "ping"))
                {
                    session.Screen.Line(session.IsJson
                        ? JsonSerializer.Serialize(told, ApiJson.Default.CloudEventView)
                        : $"{told.Sequence,8}  {session.Screen.Time(told.Time)}  {kind,-18} {told.Subject,-12} {Shown(told.Data)}");
                }
            }
        }

        return place;
    }

    private static string Shown(JsonElement data)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            data.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
