using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>Reads answers as a client does; where the status is another one, the test shows the body.</summary>
public static class Answers
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static Task<T> Ok<T>(this HttpResponseMessage answer, CancellationToken ct) => answer.ReadAsync<T>(HttpStatusCode.OK, ct);

    public static Task<T> Created<T>(this HttpResponseMessage answer, CancellationToken ct) => answer.ReadAsync<T>(HttpStatusCode.Created, ct);

    /// <summary>The problem, which must have this status.</summary>
    public static Task<ProblemView> Problem(this HttpResponseMessage answer, HttpStatusCode status, CancellationToken ct) => answer.ReadAsync<ProblemView>(status, ct);

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage answer, HttpStatusCode status, CancellationToken ct)
    {
        var body = await answer.Content.ReadAsStringAsync(ct);
        Assert.True(answer.StatusCode == status, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} instead of {(int)status}: {body}");
        return JsonSerializer.Deserialize<T>(body, Options) ?? throw new InvalidDataException($"null instead of a {typeof(T).Name}");
    }

    public static async Task<T> GetAsync<T>(this HttpClient client, string path, CancellationToken ct)
    {
        using var answer = await client.GetAsync(path, ct);
        return await answer.Ok<T>(ct);
    }

    /// <summary>Gets and reads the problem.</summary>
    public static async Task<ProblemView> GetProblemAsync(this HttpClient client, HttpStatusCode status, string path, CancellationToken ct)
    {
        using var answer = await client.GetAsync(path, ct);
        return await answer.Problem(status, ct);
    }

    /// <summary>Posts and reads the 200.</summary>
    public static async Task<T> PostAsync<T>(this HttpClient client, string path, object request, CancellationToken ct)
    {
        using var answer = await client.PostAsJsonAsync(path, request, Options, ct);
        return await answer.Ok<T>(ct);
    }

    /// <summary>Puts and reads the 200.</summary>
    public static async Task<T> PutAsync<T>(this HttpClient client, string path, object request, CancellationToken ct)
    {
        using var answer = await client.PutAsJsonAsync(path, request, Options, ct);
        return await answer.Ok<T>(ct);
    }

    /// <summary>Posts and reads the problem.</summary>
    public static async Task<ProblemView> RefusedAsync(this HttpClient client, HttpStatusCode status, string path, object request, CancellationToken ct)
    {
        using var answer = await client.PostAsJsonAsync(path, request, Options, ct);
        return await answer.Problem(status, ct);
    }
}
