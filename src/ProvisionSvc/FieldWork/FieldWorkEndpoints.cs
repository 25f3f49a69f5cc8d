using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.FieldWork;

internal static class FieldWorkEndpoints
{
    public static void AddFieldWork(this IServiceCollection services)
    {
        services.AddOptions<FieldWorkOptions>().BindConfiguration("FieldWork").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ReadAgent>();
    }

    public static void MapFieldWork(this IEndpointRouteBuilder api) =>
        api.MapPost("/switches/{name}/snmp", ReadAgent.HandleAsync).WithName("readAgent").Fails(404, 409, 429, 502).Takes<ReadAgentRequest>().For(Roles.Engineering)
            .WithSummary("Read variables, a subtree or table columns from the switch's SNMP agent. Reads only: a change is an order.");
}
