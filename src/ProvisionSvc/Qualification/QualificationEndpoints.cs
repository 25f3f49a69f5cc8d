using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Qualification;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Qualification;

internal static class QualificationEndpoints
{
    public static void MapQualification(this IEndpointRouteBuilder api) =>
        api.MapPost("/qualifications", QualifyAsync).WithName("qualify").Fails(404).Takes<QualifyRequest>().ForReaders()
            .WithSummary("Can this building carry a line of this rate? Yes with the port, or everything that is missing.");

    private static async Task<Results<Ok<QualificationView>, ProblemHttpResult>> QualifyAsync(
        Body<QualifyRequest> body, ClaimsPrincipal user, NpgsqlDataSource dataSource, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var request = body.Value;
        if (!Bandwidth.TryFromMbps(request.Mbps, out var rate))
        {
            return Problems.Invalid([new Fault("invalid-rate", "mbps", $"{request.Mbps} is not a rate: {Bandwidth.Rule}")]);
        }

        await using var db = await dataSource.OpenConnectionAsync(ct);
        if (!await MaySeeAsync(db, request.Building, Caller.Of(user), ct) || await LoadSite.ByBuildingAsync(db, request.Building, ct) is not { } site)
        {
            return Problems.NotFound("building", request.Building);
        }

        return TypedResults.Ok(View(request, site, Qualify.Evaluate(site, rate)));
    }

    /// <summary>A building of another sales district is as unknown as one that does not exist.</summary>
    private static Task<bool> MaySeeAsync(NpgsqlConnection db, string building, Caller caller, CancellationToken ct) => db.FirstAsync(
        $"select true as yes from building where name = {building} and ({caller.DistrictFilter}::int[] is null or district = any({caller.DistrictFilter}))",
        r => r.Get<bool>("yes"),
        ct);

    private static QualificationView View(QualifyRequest request, SiteCapacity site, QualificationResult result)
    {
        var free = site.Switches.Sum(s => s.Ports.Count(p => p.IsFree));
        return result switch
        {
            QualificationResult.Qualified(var port, var vlan) => new(request.Building, request.Mbps, true, port.Switch, port.IfName, vlan.Value, free, []),
            QualificationResult.Unqualified(var shortfalls) => new(
                request.Building, request.Mbps, false, null, null, null, free, [.. shortfalls.Select(s => new ShortfallView(s.Code, s.Message, s.Remedy))]),
            _ => throw new InvalidOperationException($"No answer is known for {result}."),
        };
    }
}
