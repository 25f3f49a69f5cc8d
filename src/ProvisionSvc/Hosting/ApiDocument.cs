using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace ProvisionSvc.Hosting;

/// <summary>The API's document at /openapi/v1.json and its page at /docs, which loads nothing from outside.</summary>
internal static class ApiDocument
{
    private const string Policy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", o => o.AddSchemaTransformer((schema, context, _) =>
    {
        // Types of the framework that explain nothing about themselves.
        schema.Description ??= context.JsonTypeInfo.Type switch
        {
            var t when t == typeof(JsonElement) => "Any JSON.",
            { IsGenericType: true } t when t.GetGenericTypeDefinition() == typeof(SseItem<>) => "A server-sent event: its kind, its sequence number as id, and a CloudEvent as data.",
            _ => null,
        };
        return Task.CompletedTask;
    }).AddDocumentTransformer((document, _, _) =>
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
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous().ShortCircuit();
        app.MapScalarApiReference("/docs", o => o.WithTitle("ProvisionSvc API").DisableDefaultFonts().DisableAgent().DisableTelemetry()).AllowAnonymous();
    }

    /// <summary>The page's scripts know addresses elsewhere; the browser is told to fetch from here only. Before the endpoints.</summary>
    public static void UseApiDocumentPolicy(this WebApplication app) => app.UseWhen(c => c.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal), docs => docs.Use((context, next) =>
    {
        context.Response.Headers.ContentSecurityPolicy = Policy;
        return next(context);
    }));

    /// <summary>The 200 of an order is the order that was there before, or what a dry run found.</summary>
    public static RouteHandlerBuilder MayAnswerDryRun(this RouteHandlerBuilder endpoint) => endpoint.AddOpenApiOperationTransformer((operation, context, _) =>
    {
        if (operation.Responses?["200"] is OpenApiResponse { Content: { } content })
        {
            content["application/json"].Schema = new OpenApiSchema
            {
                OneOf = [new OpenApiSchemaReference(nameof(Contracts.OrderView), context.Document), new OpenApiSchemaReference(nameof(Contracts.DryRunView), context.Document)],
            };
        }

        return Task.CompletedTask;
    });
}
