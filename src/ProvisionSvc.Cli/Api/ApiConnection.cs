using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Cli.Api;

/// <summary>One request, one answer; every way it can fail becomes an <see cref="ApiException"/> that says what to do.</summary>
internal sealed class ApiConnection(HttpClient http, Uri url, AuthenticationHeaderValue? token, Language language, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Bulk work: an import or an adoption reads many rows or many switches.</summary>
    public static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(15);

    public async Task<Answer<T>> SendAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, string what, CancellationToken ct, TimeSpan? patience = null)
    {
        var (status, bytes) = await ExchangeAsync(method, path, body, what, patience ?? Patience, ct);
        if ((int)status is < 200 or >= 300)
        {
            throw Refusal(status, bytes, what);
        }

        try
        {
            return new(JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("null"), bytes);
        }
        catch (JsonException e)
        {
            throw NotTheService(status, e);
        }
    }

    /// <summary>A request whose answer has no body.</summary>
    public async Task SendAsync(HttpMethod method, string path, string what, CancellationToken ct)
    {
        var (status, bytes) = await ExchangeAsync(method, path, body: null, what, Patience, ct);
        if ((int)status is < 200 or >= 300)
        {
            throw Refusal(status, bytes, what);
        }
    }

    /// <summary>An answer that is not JSON but a page.</summary>
    public async Task<byte[]> ReadPageAsync(string path, string type, string what, CancellationToken ct)
    {
        var (status, bytes) = await ExchangeAsync(HttpMethod.Get, path, body: null, what, Patience, ct, type);
        return (int)status is >= 200 and < 300 ? bytes : throw Refusal(status, bytes, what);
    }

    /// <summary>A stream of server-sent events, to be disposed; null where there is none to be had now, for whatever reason.</summary>
    public async Task<HttpResponseMessage?> OpenStreamAsync(string path, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path, null, "text/event-stream");
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode == HttpStatusCode.OK && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                return response;
            }

            response.Dispose();
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? body, string accept) =>
        new(method, $"{url.AbsoluteUri.TrimEnd('/')}/api/v1{path}") { Content = body, Headers = { Authorization = token, Accept = { new(accept) } } };

    private async Task<(HttpStatusCode Status, byte[] Body)> ExchangeAsync(
        HttpMethod method, string path, HttpContent? body, string what, TimeSpan patience, CancellationToken ct, string accept = "application/json")
    {
        using var request = Request(method, path, body, accept);
        using var deadline = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw AnswerLost(what, e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw Unreachable(e);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            throw new ApiException(ApiFault.NotTheService, Say(
                ($"{Url} does not speak TLS with a certificate this machine trusts: {e.InnerException?.Message ?? e.Message}",
                 $"{Url} 的TLS证书不受本机信任：{e.InnerException?.Message ?? e.Message}")), inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw AnswerLost(what, e);
        }
    }

    private ApiException Refusal(HttpStatusCode status, byte[] body, string what) => status switch
    {
        HttpStatusCode.Unauthorized => new(ApiFault.Refused, token is null
            ? Say(($"{Url} asks for a token: give --token-file FILE, or set PROVISION_TOKEN_FILE or PROVISION_TOKEN "
                   + "(the first one is admin.token in the service's state directory).",
                   $"{Url} 需要令牌：请用 --token-file 文件，或设置 PROVISION_TOKEN_FILE 或 PROVISION_TOKEN（首个令牌为服务状态目录下的 admin.token）。"))
            : Say(($"{Url} does not accept this token (unknown or revoked): give another with --token-file or PROVISION_TOKEN_FILE.",
                   $"{Url} 不接受该令牌（未知或已吊销）：请用 --token-file 或 PROVISION_TOKEN_FILE 换一个。"))),
        _ when ReadProblem(body) is { } problem => new(Kind(status), Sentence(problem, what), problem.Faults),
        HttpStatusCode.Forbidden => new(ApiFault.Refused, Say(
            ($"{what}: this token's role or districts do not allow it.", $"{what}：该令牌的角色或区域无此权限。"))),
        HttpStatusCode.NotFound => new(ApiFault.Refused, Say(($"{what}: there is no such thing at {Url}.", $"{what}：{Url} 上不存在。"))),
        _ when Kind(status) == ApiFault.Unavailable => new(ApiFault.Unavailable, Say(
            ($"{what}: the service cannot work right now ({(int)status}); try again, and see {Url}/readyz.",
             $"{what}：服务暂不可用（{(int)status}），请稍后重试，并查看 {Url}/readyz。"))),
        _ => NotTheService(status, inner: null),
    };

    private static ApiFault Kind(HttpStatusCode status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? ApiFault.Unavailable : ApiFault.Refused;

    private static ProblemView? ReadProblem(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ApiJson.Default.ProblemView) is { Title: not null } problem ? problem : null;
        }
        catch (JsonException)
        {
            // Not a problem document (an empty body, a proxy's page): the status alone has to do.
            return null;
        }
    }

    private static string Sentence(ProblemView problem, string what)
    {
        var code = problem.Code is { } known ? $" ({known})" : "";
        var detail = problem.Detail is { } more && more != problem.Title ? $" {more}" : "";
        return $"{what}: {problem.Title}{detail}{code}";
    }

    private ApiException Unreachable(Exception e) => new(ApiFault.Unreachable, Say(
        ($"No service answers at {Url}: start it (eng/demo.sh, or the provisionsvc service), or name another with --url or PROVISION_URL.",
         $"{Url} 无服务应答：请启动服务（eng/demo.sh 或 provisionsvc），或用 --url 或 PROVISION_URL 指定其他地址。")), inner: e);

    private ApiException AnswerLost(string what, Exception e) => new(ApiFault.AnswerLost, Say(
        ($"{what}: {Url} gave no whole answer; it may have been done. Look before asking again.",
         $"{what}：{Url} 未返回完整应答，操作可能已执行，请先查看再重试。")), inner: e);

    private ApiException NotTheService(HttpStatusCode status, Exception? inner) => new(ApiFault.NotTheService, Say(
        ($"What answers at {Url} is not ProvisionSvc of this version (status {(int)status}): check --url or PROVISION_URL.",
         $"{Url} 的应答不是本版本的ProvisionSvc（状态 {(int)status}）：请检查 --url 或 PROVISION_URL。")), inner: inner);

    private string Url => url.AbsoluteUri.TrimEnd('/');

    private string Say(Words words) => words.In(language);
}
