using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.Orders;

namespace ProvisionSvc.Evidence;

internal static class EvidenceEndpoints
{
    private const string Html = "text/html";

    // The page is text from switches and people: it runs nothing and loads nothing.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static void AddEvidence(this IServiceCollection services, ProvisionOptions options)
    {
        if (options.RunsWorker)
        {
            services.AddSingleton<KeepEvidence>();
            services.AddHostedService(s => s.GetRequiredService<KeepEvidence>());
        }
    }

    public static void MapEvidence(this IEndpointRouteBuilder api) =>
        api.MapGet("/orders/{id:long}/evidence", ShowAsync).WithName("showEvidence").Produces<EvidenceView>(StatusCodes.Status200OK, "application/json", Html)
            .Fails(404, 422).For(Roles.Business, Roles.Engineering, Roles.Auditor)
            .WithSummary("Who, why, plan, journal, conversation and proof of one order in one document; format=html for reading and printing.");

    private static async Task<Results<FileContentHttpResult, ContentHttpResult, ProblemHttpResult>> ShowAsync(
        long id, ClaimsPrincipal user, HttpRequest request, HttpResponse response, NpgsqlDataSource dataSource, TimeProvider clock, CancellationToken ct,
        string? format = null, string? lang = null)
    {
        if (format is not (null or "json" or "html") || lang is not (null or "en" or "zh"))
        {
            return Problems.Invalid([new("unknown-format", format is null or "json" or "html" ? "lang" : "format", "format is json or html; lang is en or zh.")]);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (await DocumentAsync(db, id, Caller.Of(user).DistrictFilter, clock.GetUtcNow(), ct) is not { } document)
        {
            return Problems.NotFound("order", id.ToString());
        }

        response.Headers.Vary = "Accept, Accept-Language";
        if (format != "html" && (format == "json" || !WantsHtml(request)))
        {
            return TypedResults.Bytes(document, "application/json");
        }

        var evidence = JsonSerializer.Deserialize<EvidenceView>(document, KeepEvidence.Form) ?? throw new InvalidDataException($"The evidence of order {id} is null.");
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        var chinese = (lang ?? request.Headers.AcceptLanguage.ToString()).StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        return TypedResults.Content(EvidencePage.Render(evidence, chinese), $"{Html}; charset=utf-8", Encoding.UTF8);
    }

    private static bool WantsHtml(HttpRequest request) => request.GetTypedHeaders().Accept
        .OrderByDescending(a => a.Quality ?? 1)
        .Select(a => a.MediaType.Value)
        .FirstOrDefault(m => m is Html or "application/json" or "*/*") == Html;

    /// <summary>As it was written down at the order's end; before that as it is now.</summary>
    private static async Task<byte[]?> DocumentAsync(NpgsqlConnection db, long id, int[]? districts, DateTimeOffset now, CancellationToken ct)
    {
        if (await OrderViews.FindAsync(db, id, districts, ct) is null)
        {
            return null;
        }

        var kept = await db.FirstAsync($"select document from evidence where order_id = {id}", r => r.Get<byte[]?>("document"), ct);
        return kept is not null ? Packed.Bytes(kept)
            : await ComposeEvidence.RunAsync(db, id, districts, now, ct) is { } evidence ? JsonSerializer.SerializeToUtf8Bytes(evidence, KeepEvidence.Form)
            : null;
    }
}
