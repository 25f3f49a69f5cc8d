using ProvisionSvc.Hosting;

namespace ProvisionSvc.Configurations;

internal static class ConfigurationEndpoints
{
    public static void AddConfigurations(this IServiceCollection services, ProvisionOptions options)
    {
        services.AddOptions<ConfigurationOptions>().BindConfiguration("Configurations").ValidateDataAnnotations().ValidateOnStart();
        if (!options.RunsWorker)
        {
            return;
        }

        services.AddSingleton<KeepConfiguration>();
        services.AddSingleton<FetchConfigurations>();
        services.AddHostedService(s => s.GetRequiredService<FetchConfigurations>());
    }

    public static void MapConfigurations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/switches/{name}/configurations", ViewConfigurations.ListAsync).WithName("listConfigurations").Fails(404).For(Roles.Engineering, Roles.Auditor)
            .WithSummary("The kept versions of the switch's running configuration, newest first, and how the last fetch went.");
        api.MapGet("/switches/{name}/configuration", ViewConfigurations.ShowAsync).WithName("showConfiguration").Fails(400, 404).For(Roles.Engineering, Roles.Auditor)
            .WithSummary("The running configuration as it was last fetched, or as it was at a moment; secrets are taken out.");
        api.MapGet("/switches/{name}/configuration/diff", ViewConfigurations.DiffAsync).WithName("diffConfiguration").Fails(400, 404, 422).For(Roles.Engineering, Roles.Auditor)
            .WithSummary("What changed in the running configuration since a moment.");
    }
}
