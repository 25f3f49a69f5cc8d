using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ProvisionSvc.IntegrationTests.Events;

/// <summary>A message as the receiver got it.</summary>
public sealed record Received(string Path, string Id, string Timestamp, string Signature, string ContentType, string Body, int Answered)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public string Subject => Json.GetProperty("subject").GetString()!;

    public long Sequence => long.Parse(Json.GetProperty("sequence").GetString()!);

    /// <summary>Computed here after the description of Standard Webhooks, independently of the service.</summary>
    public bool IsSignedWith(string secret) => Signature ==
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
}

/// <summary>Another system's web server on a free loopback port, that may refuse.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Messages { get; } = new();

    /// <summary>The status to answer with, from the message's type and how often it came before.</summary>
    public Func<string, int, int> Answer { get; set; } = (_, _) => 200;

    public Uri Url => new(_app.Urls.First());

    public IReadOnlyList<Received> Taken => [.. Messages.Where(m => m.Answered == 200)];

    public static async Task<WebhookReceiver> StartAsync(CancellationToken ct)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync(ct);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var headers = context.Request.Headers;
        lock (Messages)
        {
            var status = Answer(JsonDocument.Parse(body).RootElement.GetProperty("type").GetString()!, Messages.Count(m => m.Id == headers["webhook-id"]));
            Messages.Enqueue(new(
                context.Request.Path, headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"]!, context.Request.ContentType!, body, status));
            context.Response.StatusCode = status;
            if (status is 302)
            {
                context.Response.Headers.Location = "/elsewhere";
            }
        }
    }
}
