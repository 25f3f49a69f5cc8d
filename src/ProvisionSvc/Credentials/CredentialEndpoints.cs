using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>What the host needs to know of this slice.</summary>
internal static class CredentialEndpoints
{
    /// <exception cref="InvalidOperationException">There is no key to seal with; without one nothing starts.</exception>
    public static void AddCredentials(this IServiceCollection services, IConfiguration configuration, ProvisionOptions options)
    {
        services.AddOptions<CredentialOptions>().BindConfiguration("Credentials").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(CredentialKeys.Load(configuration, options));
        services.AddSingleton<CredentialGate>();
        services.AddSingleton<CredentialStore>();
        services.AddSingleton<ProveCredential>();
    }

    public static void MapCredentials(this IEndpointRouteBuilder api)
    {
        api.MapPut("/credentials/{name}", SetCredential.HandleAsync).WithName("setCredential").Fails(409).Takes<SetCredentialRequest>().For(Roles.Engineering)
            .WithSummary("Set what switches are logged in with and asked with: the next generation beside the one that switches take now. No answer ever shows it again.");
        api.MapGet("/credentials", ViewCredentials.ListAsync).WithName("listCredentials").For(Roles.Engineering, Roles.Auditor)
            .WithSummary("Names, users and generations of the credentials.");
        api.MapGet("/credentials/{name}", ViewCredentials.FindAsync).WithName("showCredential").Fails(404).For(Roles.Engineering, Roles.Auditor)
            .WithSummary("One credential: its generations, how many switches are on which, and who refuses it.");
        api.MapPost("/credentials/{name}/prove", ProveCredential.HandleAsync).WithName("proveCredential").Fails(404).For(Roles.Engineering)
            .WithSummary("Log in and ask by the newest generation, once on every switch that it has not reached; the older one is retired when all take it.");
        api.MapPost("/credentials/{name}/retire", RetireCredential.HandleAsync).WithName("retireCredential").Fails(404, 409).Takes<RetireCredentialRequest>().For(Roles.Engineering)
            .WithSummary("End the use of the older generation.");
        api.MapPost("/credentials/{name}/unlock", UnlockCredential.HandleAsync).WithName("unlockCredential").Fails(404).Takes<UnlockCredentialRequest>().For(Roles.Engineering)
            .WithSummary("Try the credential again where it was refused, and on all other switches.");
        api.MapPost("/credentials/reseal", ResealCredentials.HandleAsync).WithName("resealCredentials").For()
            .WithSummary("Seal all credentials with the present key, after it was changed.");
    }
}
