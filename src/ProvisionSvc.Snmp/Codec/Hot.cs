using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>For methods that run for every value: optimised when first called. Left to the tiers, the first sweeps after a start cost a quarter more.</summary>
internal static class Hot
{
    public const MethodImplOptions Path = MethodImplOptions.AggressiveOptimization;
}
