using System.Net.Sockets;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace ProvisionSvc.Hosting;

/// <summary>What no handler expected leaves as a problem: a database that is away is 503, everything else 500 without inner details.</summary>
internal sealed partial class UnexpectedFaults(ILogger<UnexpectedFaults> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType } refused => Problems.OfStatus(refused.StatusCode),
            BadHttpRequestException bad => Problems.Of(bad.StatusCode, "bad-request", bad.Message),

            // PostgreSQL's text holds every character but NUL; no name of ours contains one.
            PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } => Problems.Of(
                StatusCodes.Status422UnprocessableEntity, "unprintable-character", "A text in the request contains a character that cannot be stored; take it out."),
            NpgsqlException or SocketException or TimeoutException => Problems.Of(
                StatusCodes.Status503ServiceUnavailable, "database-unavailable", "The database does not answer. Send it again with the same externalId or eventId: what was accepted after all is not done twice."),
            _ => Problems.Of(StatusCodes.Status500InternalServerError, "unexpected", "An unexpected fault; it is in the service's log."),
        };
        if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            Log.Away(logger, httpContext.Request.Method, httpContext.Request.Path, exception.Message);
        }
        else if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            Log.Unexpected(logger, httpContext.Request.Method, httpContext.Request.Path, exception);
        }

        httpContext.Response.StatusCode = problem.StatusCode;
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1102, Level = LogLevel.Warning, Message = "{Method} {Path} is answered 503: {Why}")]
        public static partial void Away(ILogger logger, string method, string path, string why);

        [LoggerMessage(EventId = 1101, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
        public static partial void Unexpected(ILogger logger, string method, string path, Exception exception);
    }
}
