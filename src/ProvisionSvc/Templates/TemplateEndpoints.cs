using Microsoft.AspNetCore.Mvc;
using ProvisionSvc.Contracts;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Templates;

internal static class TemplateEndpoints
{
    public static void AddTemplates(this IServiceCollection services)
    {
        services.AddOptions<TemplateOptions>().BindConfiguration("Templates").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TemplateDirectory>();
        services.AddSingleton<TemplateBench>();
        services.AddSingleton<TryTemplate>();
        services.AddSingleton<RecordSample>();
    }

    public static void MapTemplates(this IEndpointRouteBuilder api)
    {
        api.MapGet("/templates", CheckTemplates.List).WithName("listTemplates").ForReaders().WithSummary("The families of switches, and what each can read and write.");
        api.MapPost("/templates/check", CheckTemplates.Handle).WithName("checkTemplates").Fails(404).Takes<CheckTemplatesRequest>().For(Roles.Engineering, Roles.Auditor)
            .WithMetadata(new RequestSizeLimitAttribute(CheckTemplates.LargestRequest))
            .WithSummary("Load, lint and run every sample: of the directory's templates as they lie there now, or of the files in the request. Every fault is said.");
        api.MapPost("/templates/{name}/try", TryTemplate.HandleAsync).WithName("tryTemplate").Fails(404, 409, 429, 502).Takes<TryTemplateRequest>().For(Roles.Engineering)
            .WithSummary("A template's dry run on a live switch: log in, read one port, show the plan. Nothing is written.");
        api.MapPost("/switches/{name}/sample", RecordSample.HandleAsync).WithName("recordSample").Fails(404, 409, 429, 502).Takes<RecordSampleRequest>().For(Roles.Engineering)
            .WithSummary("Record a live switch as a sample of its template: private text and secrets are replaced. Nothing is written.");
    }
}
