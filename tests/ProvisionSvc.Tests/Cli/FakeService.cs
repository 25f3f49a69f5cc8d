using System.Net;
using System.Text;
using System.Text.Json;

namespace ProvisionSvc.Tests.Cli;

/// <summary>Answers as the API would and remembers what was asked. The answers of one route come in turn; the last one stays.</summary>
internal sealed class FakeService : HttpMessageHandler
{
    private readonly Dictionary<string, Queue<Func<HttpResponseMessage>>> _answers = [];

    public List<string> Requests { get; } = [];

    public string? Body { get; private set; }

    public string? Authorization { get; private set; }

    public JsonElement BodyJson => JsonDocument.Parse(Body ?? throw new InvalidOperationException("no body was sent")).RootElement;

    public FakeService On(string route, object answer, HttpStatusCode status = HttpStatusCode.OK) =>
        OnText(route, JsonSerializer.Serialize(answer, answer.GetType(), JsonSerializerOptions.Web), status);

    public FakeService OnText(string route, string text, HttpStatusCode status = HttpStatusCode.OK, string type = "application/json") =>
        Add(route, () => new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, type) });

    public FakeService OnTrouble(string route, HttpRequestError error) => Add(route, () => throw new HttpRequestException(error));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        if (request.RequestUri.AbsolutePath == "/api/v1/events" && !_answers.ContainsKey(asked))
        {
            // A service that streams nothing now: orders are followed by asking.
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        }

        Requests.Add(asked);
        Authorization = request.Headers.Authorization?.ToString();
        Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (!_answers.TryGetValue(asked, out var answers))
        {
            throw new InvalidOperationException($"the test has no answer for {asked}");
        }

        return (answers.Count > 1 ? answers.Dequeue() : answers.Peek())();
    }

    private FakeService Add(string route, Func<HttpResponseMessage> answer)
    {
        if (!_answers.TryGetValue(route, out var answers))
        {
            _answers[route] = answers = [];
        }

        answers.Enqueue(answer);
        return this;
    }
}
