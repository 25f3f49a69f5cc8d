using System.Collections.Immutable;
using ProvisionSvc.DeviceLab.City;
using ProvisionSvc.DeviceLab.Families;

namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>Puts the city's services on its switches, or what was saved on them in an earlier run.</summary>
internal static class SwitchBuilder
{
    public static List<SimSwitch> Build(CityPlan city, LabOptions options, WriteLog log)
    {
        var services = city.Services.ToLookup(s => s.Switch, StringComparer.Ordinal);
        var saved = new SavedConfigs(Path.Combine(options.StateDirectory, "startup"));
        if (options.Fresh) saved.Forget();
        return [.. city.Switches.Select(plan =>
        {
            var drawn = Draw(plan, services[plan.Name]);
            var startup = saved.Load(plan, options.Seed) ?? drawn;
            return new SimSwitch(plan, startup, slot => HasEquipment(plan, drawn, slot), log, options.Clock, options.OperLag)
            {
                Saved = config => saved.Store(plan, options.Seed, config),
                EnableSecret = options.EnableSecret,
            };
        })];
    }

    private static SwitchConfig Draw(SwitchPlan plan, IEnumerable<Service> services)
    {
        var family = KnownFamilies.Of(plan.Model);
        var here = services.ToDictionary(s => s.IfName, StringComparer.Ordinal);
        var vlans = here.Values.Select(s => s.Vlan).Append(1).ToImmutableSortedSet();
        return new SwitchConfig(vlans, [.. plan.Model.Interfaces.Select(i => here.TryGetValue(i.Name, out var service) ? family.Hold(Lit(service))
            : i.Role == PortRole.Customer ? family.Hold(Unsold(i)) : Unsold(i))]);
    }

    private static PortConfig Lit(Service service) => new()
    {
        Description = service.CircuitId,
        LinkType = LinkType.Access,
        DefaultVlan = service.Vlan,
        Inbound = RateLimit.OfMbps(service.UpMbps),
        Outbound = RateLimit.OfMbps(service.DownMbps),
    };

    private static PortConfig Unsold(InterfaceModel model) => model.Role switch
    {
        PortRole.Customer => PortConfig.Factory with { Shutdown = true },
        PortRole.Reserved when model.Kind == InterfaceKind.FastPort => PortConfig.Factory with { Shutdown = true },
        _ => PortConfig.Factory,
    };

    /// <summary>Somebody is plugged in at every sold port and uplink, and at two of three ports not yet sold.</summary>
    private static bool HasEquipment(SwitchPlan plan, SwitchConfig drawn, int slot) => plan.Model.Interfaces[slot].Role switch
    {
        PortRole.Customer => !drawn.Ports[slot].Shutdown || slot % 3 != 0,
        PortRole.Uplink => true,
        _ => false,
    };
}
