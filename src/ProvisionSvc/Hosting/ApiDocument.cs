using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ProvisionSvc.Hosting;

/// <summary>The API's document at /openapi/v1.json and its page at /docs, which loads nothing from outside.</summary>
internal static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", o => o.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "ProvisionSvc",
            Version = "v1",
            Description = "Orders, inventory and readings of a metro Ethernet access network. Every change to a port is an order.",
        };

        // Where it listens differs per machine; the committed document must not.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            ["token"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API token (prv_…)." },
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("token", document)] = [] }];
        return Task.CompletedTask;
    }));

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", o => o.WithTitle("ProvisionSvc API").DisableDefaultFonts().DisableAgent().DisableTelemetry()).AllowAnonymous();
    }
}
