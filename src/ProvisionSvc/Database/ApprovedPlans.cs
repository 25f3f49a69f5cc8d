using System.Security.Cryptography;
using System.Text;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Database;

/// <summary>Plans that were shown to approvers, under one name, and what is different about them now.</summary>
internal static class ApprovedPlans
{
    /// <summary>Of one plan its own hash; of several, a digest over theirs.</summary>
    public static string Hash(IReadOnlyList<PlanView> plans) => plans is [var one] ? one.Hash
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', plans.Select(p => $"{p.Switch} {p.IfName} {p.Hash}")))))[..16];

    /// <summary>The plans with <paramref name="now"/> in the place of the one that was approved for its port, and the difference in one line per field.</summary>
    public static (string Difference, IReadOnlyList<PlanView> Plans) Replace(IReadOnlyList<PlanView> approved, PlanView now)
    {
        var before = approved.FirstOrDefault(p => p.Switch == now.Switch && p.IfName == now.IfName);
        var was = Steps(before);
        var will = Steps(now);
        var lines = was.Keys.Union(will.Keys).Where(f => was.GetValueOrDefault(f) != will.GetValueOrDefault(f))
            .Select(f => $"{f}: approved {was.GetValueOrDefault(f) ?? "no change"}, now {will.GetValueOrDefault(f) ?? "no change"}").ToList();
        var difference = $"{now.Switch} {now.IfName}: {(lines.Count > 0 ? string.Join("; ", lines) : "the same fields by other lines")}";
        return (difference, before is null ? [.. approved, now] : [.. approved.Select(p => p == before ? now : p)]);
    }

    private static Dictionary<string, string> Steps(PlanView? plan) =>
        (plan?.Steps ?? []).ToDictionary(s => s.Field, s => $"{s.Before ?? "-"} -> {s.After ?? "-"}");
}
