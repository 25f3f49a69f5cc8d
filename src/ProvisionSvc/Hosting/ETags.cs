using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using ProvisionSvc.Database;

namespace ProvisionSvc.Hosting;

/// <summary>Single resources carry an ETag (RFC 9110): what is the same need not be sent again, and what has changed since is not acted on.</summary>
internal static class ETags
{
    public static string Of<T>(T value) => $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json.Of(value).Text)))[..24]}\"";

    /// <summary>Answers with the ETag of the value; 304 where the client has it already.</summary>
    /// <param name="constant">The part that people decide, where the rest is seen anew all the time: the ETag is of that part, and every answer is sent.</param>
    public static RouteHandlerBuilder HasETag<T>(this RouteHandlerBuilder endpoint, Func<T, T>? constant = null)
        where T : class => endpoint.AddEndpointFilter(async (context, next) =>
    {
        var result = await next(context);
        if (Value(result) is not T value)
        {
            return result;
        }

        var tag = Of(constant is null ? value : constant(value));
        context.HttpContext.Response.Headers.ETag = tag;
        var request = context.HttpContext.Request;
        return constant is null && HttpMethods.IsGet(request.Method) && request.Headers.IfNoneMatch.Any(t => Names(t, tag)) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : result;
    });

    /// <summary>412 where the client says which state it means (If-Match) and the resource is in another one; null where it may go on.</summary>
    public static ProblemHttpResult? Mismatch<T>(HttpRequest request, string what, T current) =>
        request.Headers.IfMatch.Count == 0 || request.Headers.IfMatch.Any(t => Names(t, Of(current)))
            ? null
            : Problems.Of(StatusCodes.Status412PreconditionFailed, "changed-meanwhile", $"{what} has changed since it was read; read it again and decide anew.");

    private static bool Names(string? header, string tag) => header is not null && header.Split(',').Any(t => t.Trim() is var one && (one == "*" || one == tag || one == $"W/{tag}"));

    private static object? Value(object? result) => result switch
    {
        INestedHttpResult nested => Value(nested.Result),
        IValueHttpResult value => value.Value,
        _ => null,
    };
}
