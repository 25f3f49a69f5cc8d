using Microsoft.Extensions.Options;
using ProvisionSvc.Alarms;
using ProvisionSvc.Credentials;
using ProvisionSvc.Dunning;
using ProvisionSvc.FieldWork;
using ProvisionSvc.Inventory;
using ProvisionSvc.Lanes;
using ProvisionSvc.Orders;
using ProvisionSvc.Polling;
using ProvisionSvc.Qualification;
using ProvisionSvc.Scheduling;
using ProvisionSvc.Tokens;

namespace ProvisionSvc.Hosting;

/// <summary>The table of contents: every slice's two methods, once each.</summary>
internal static class Slices
{
    public static void Add(WebApplicationBuilder builder, ProvisionOptions options)
    {
        builder.Services.AddDevices();
        builder.Services.AddCredentials();
        builder.Services.AddTimetable();
        builder.Services.AddOrders(options);
        builder.Services.AddLanes(options);
        builder.Services.AddBilling();
        builder.Services.AddPolling(options);
        builder.Services.AddClock(builder.Configuration, options);
        builder.Services.AddInventory();
        builder.Services.AddFieldWork();
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
        api.MapGroup("").WithTags("Qualification").MapQualification();
        api.MapGroup("").WithTags("Alarms").MapAlarms();
        api.MapGroup("").WithTags("Credentials").MapCredentials();
        api.MapGroup("").WithTags("Orders").MapOrders();
        api.MapGroup("").WithTags("Orders").MapWaitingForPeople();
        api.MapGroup("").WithTags("Scheduling").MapScheduling();
        api.MapGroup("").WithTags("Billing").MapBilling();
    }
}
