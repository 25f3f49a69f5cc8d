using Microsoft.AspNetCore.Http.HttpResults;
using ProvisionSvc.Core.Orders;

namespace ProvisionSvc.Hosting;

/// <summary>Errors as RFC 9457 problems with a stable <c>code</c> and every fault in the input.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string code, string title, params IReadOnlyList<Fault> faults) => TypedResults.Problem(
        title: title,
        statusCode: status,
        type: $"urn:provisionsvc:problem:{code}",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["code"] = code,
            ["faults"] = faults.Select(f => new Contracts.FaultView(f.Code, f.Field, f.Message)).ToList(),
        });

    /// <summary>The input is understood and wrong: 422 with everything that is.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyList<Fault> faults) => Of(
        StatusCodes.Status422UnprocessableEntity, "invalid-request", faults.Count == 1 ? faults[0].Message : $"The request has {faults.Count} faults.", faults);

    /// <summary>What the framework refuses without a word: no such path, method or media type.</summary>
    public static ProblemHttpResult OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => Of(status, "unknown-path", "There is nothing at this path; /docs shows what there is."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method-not-allowed", "This path does not take this method; /docs shows which."),
        StatusCodes.Status413PayloadTooLarge => Of(status, "too-large", "The body is larger than this path takes."),
        StatusCodes.Status415UnsupportedMediaType => Of(status, "unsupported-media-type", "Send application/json."),
        _ => Of(status, "refused", $"The request was refused with status {status}."),
    };

    public static ProblemHttpResult NotFound(string kind, string name) => Of(
        StatusCodes.Status404NotFound, $"unknown-{kind}", $"There is no {kind} \"{name}\".", new Fault($"unknown-{kind}", kind, $"There is no {kind} \"{name}\"."));

    public static ProblemHttpResult Conflict(string code, string message) => Of(StatusCodes.Status409Conflict, code, message, new Fault(code, "", message));

    public static ProblemHttpResult Forbidden(string message) => Of(StatusCodes.Status403Forbidden, "forbidden", message, new Fault("forbidden", "", message));
}
