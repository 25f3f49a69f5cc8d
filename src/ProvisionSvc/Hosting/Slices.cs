using ProvisionSvc.Alarms;
using ProvisionSvc.Inventory;
using ProvisionSvc.Qualification;
using ProvisionSvc.Tokens;

namespace ProvisionSvc.Hosting;

/// <summary>The table of contents: every slice's two methods, once each.</summary>
internal static class Slices
{
    public static void Add(WebApplicationBuilder builder, ProvisionOptions options)
    {
        builder.Services.AddInventory(options);
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapTokens();
        api.MapInventory();
        api.MapQualification();
        api.MapAlarms();
    }
}
