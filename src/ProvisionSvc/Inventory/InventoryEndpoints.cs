using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;
using ProvisionSvc.Inventory.Import;

namespace ProvisionSvc.Inventory;

internal static class InventoryEndpoints
{
    public static IServiceCollection AddInventory(this IServiceCollection services)
    {
        services.AddSingleton<ImportRules>();
        services.AddSingleton<DraftTemplates>();
        services.AddSingleton<AdoptServices>();
        services.AddSingleton<ReadPortsNow>();
        services.AddHostedService<KeepEngines>();
        return services;
    }

    public static void MapInventory(this IEndpointRouteBuilder api)
    {
        api.MapGet("/nodes", ViewNodes.ListAsync).WithName("listNodes").ForReaders().WithSummary("Nodes with what they have sold and what is left.");
        api.MapGet("/nodes/{name}", ViewNodes.FindAsync).WithName("showNode").HasETag<NodeView>().Fails(404).ForReaders().WithSummary("One node.");

        api.MapPut("/nodes/{name}/maintenance", SetMaintenance.OfNodeAsync).WithName("setNodeMaintenance").Fails(404).Takes<MaintenanceRequest>().For(Roles.Engineering)
            .WithSummary("Maintenance of every switch of a node until a time, or its end.");
        api.MapPut("/buildings/{name}/maintenance", SetMaintenance.OfBuildingAsync).WithName("setBuildingMaintenance").Fails(404).Takes<MaintenanceRequest>().For(Roles.Engineering)
            .WithSummary("Maintenance of every switch of a building until a time, or its end.");

        api.MapGet("/switches", ViewSwitches.ListAsync).WithName("listSwitches").ForReaders().WithSummary("Switches, all or of one building.");
        api.MapGet("/switches/{name}", ViewSwitches.FindAsync).WithName("showSwitch").HasETag<SwitchView>(ViewSwitches.Settled).Fails(404).ForReaders().WithSummary("One switch.");
        api.MapPut("/switches/{name}/mode", SetSwitchMode.HandleAsync).WithName("setSwitchMode").HasETag<SwitchView>(ViewSwitches.Settled).Fails(404, 409, 412).Takes<SetSwitchModeRequest>().For(Roles.Engineering)
            .WithSummary("Observe, manage, or maintenance with an end.");
        api.MapPost("/switches/{name}/trust", TrustSwitch.HandleAsync).WithName("trustSwitch").Fails(404, 409, 502).Takes<TrustSwitchRequest>().For(Roles.Engineering)
            .WithSummary("Show the SSH host key that the switch presents; with that fingerprint, record it.");
        api.MapPost("/switches/{name}/trust-engine", TrustEngine.HandleAsync).WithName("trustEngine").Fails(404, 409).Takes<TrustEngineRequest>().For(Roles.Engineering)
            .WithSummary("Show the SNMPv3 engine pinned for the switch and another one that has answered since; with that id, pin it.");
        api.MapPost("/switches/{name}/unlock", UnlockSwitch.HandleAsync).WithName("unlockSwitch").Fails(404).Takes<UnlockSwitchRequest>().For(Roles.Engineering)
            .WithSummary("A person has looked at the switch: its lane may run again.");

        api.MapGet("/ports", ViewPorts.ListAsync).WithName("listPorts").Fails(404, 422, 502).ForReaders()
            .WithSummary("Ports of a switch: what each should be, what it was seen to be, what it carries; with live=true the switch is read now.");
        api.MapGet("/ports/events", ViewPorts.EventsAsync).WithName("listPortEvents").Fails(400, 422).ForReaders()
            .WithSummary("What changed on the ports of a switch, newest first.");
        api.MapGet("/drift", ViewDrift.ListAsync).WithName("listDrift").ForReaders().WithSummary("Ports that are not as they should be.");

        api.MapGet("/services/{circuitId}", ViewServices.FindAsync).WithName("showService").HasETag<ServiceView>().Fails(404).ForReaders()
            .WithSummary("One service with its attachments and every hold it ever had.");

        api.MapPost("/services/adopt", AdoptServices.HandleAsync).WithName("adoptServices").Fails(400).Takes<AdoptServicesRequest>().For(Roles.Engineering)
            .WithSummary("Take imported services over; without apply, or with dryRun=true, only shows what would change.");

        api.MapPost("/inventory/imports", ImportInventory.HandleAsync).WithName("importInventory").Fails(400, 409).Takes<ImportInventoryRequest>().For(Roles.Engineering)
            .WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(ImportRules.LargestRequest))
            .WithSummary("Import inventory files; with dryRun=true check and count only. Every fault in them is said before anything is written; nothing is ever removed.");
    }
}
