using System.Runtime.CompilerServices;

namespace ProvisionSvc.Snmp;

/// <summary>For methods that run for every value: optimised when first called. Left to the tiers, a service's first sweeps cost three times as much.</summary>
internal static class Hot
{
    public const MethodImplOptions Path = MethodImplOptions.AggressiveOptimization;
}
