using Microsoft.Extensions.Options;
using ProvisionSvc.Alarms;
using ProvisionSvc.Audit;
using ProvisionSvc.Configurations;
using ProvisionSvc.Credentials;
using ProvisionSvc.Dunning;
using ProvisionSvc.Events;
using ProvisionSvc.Evidence;
using ProvisionSvc.FieldWork;
using ProvisionSvc.Inventory;
using ProvisionSvc.Lanes;
using ProvisionSvc.Orders;
using ProvisionSvc.Polling;
using ProvisionSvc.Qualification;
using ProvisionSvc.Scheduling;
using ProvisionSvc.Templates;
using ProvisionSvc.Tokens;

namespace ProvisionSvc.Hosting;

/// <summary>The table of contents: every slice's two methods, once each.</summary>
internal static class Slices
{
    public static void Add(WebApplicationBuilder builder, ProvisionOptions options)
    {
        builder.Services.AddDevices();
        builder.Services.AddCredentials(builder.Configuration, options);
        builder.Services.AddTimetable();
        builder.Services.AddOrders(options);
        builder.Services.AddLanes(options);
        builder.Services.AddBilling();
        builder.Services.AddPolling(options);
        builder.Services.AddClock(builder.Configuration, options);
        builder.Services.AddInventory();
        builder.Services.AddFieldWork();
        builder.Services.AddAlarms(options);
        builder.Services.AddEvents(options);
        builder.Services.AddAudit(options);
        builder.Services.AddEvidence(options);
        builder.Services.AddConfigurations(options);
        builder.Services.AddTemplates();
    }

    public static void Map(WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<ProvisionOptions>>().Value.RunsApi)
        {
            // A worker answers for its health and metrics only.
            return;
        }

        var api = app.MapGroup("/api/v1");
        api.MapGroup("").WithTags("Tokens").MapTokens();
        api.MapGroup("").WithTags("Inventory").MapInventory();
        api.MapGroup("").WithTags("Field work").MapFieldWork();
        api.MapGroup("").WithTags("Configurations").MapConfigurations();
        api.MapGroup("").WithTags("Templates").MapTemplates();
        api.MapGroup("").WithTags("Qualification").MapQualification();
        api.MapGroup("").WithTags("Alarms").MapAlarms();
        api.MapGroup("").WithTags("Credentials").MapCredentials();
        api.MapGroup("").WithTags("Orders").MapOrders();
        api.MapGroup("").WithTags("Orders").MapWaitingForPeople();
        api.MapGroup("").WithTags("Scheduling").MapScheduling();
        api.MapGroup("").WithTags("Billing").MapBilling();
        api.MapGroup("").WithTags("Orders").MapEvidence();
        api.MapGroup("").WithTags("Events").MapEvents();
        api.MapGroup("").WithTags("Audit").MapAudit();
    }
}
