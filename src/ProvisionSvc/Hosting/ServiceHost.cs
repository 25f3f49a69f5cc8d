using System.Net;
using System.Text.Json.Serialization;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Tokens;

namespace ProvisionSvc.Hosting;

/// <summary>Puts the process together: database first, then the slices, then the doors.</summary>
internal static class ServiceHost
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var service = await StartAsync(args, CancellationToken.None);
            await service.Application.WaitForShutdownAsync();

            // A worker that ended by a fault has stopped the host; whoever restarts us must see that.
            return service.Application.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(w => w.ExecuteTask?.IsFaulted == true) ? 1 : 0;
        }
        catch (Exception refused) when (refused is InvalidOperationException or Microsoft.Extensions.Options.OptionsValidationException or IOException or UnauthorizedAccessException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync($"provisionsvc does not start: {refused.Message}");
            return 1;
        }
    }

    /// <summary>Starts everything and returns when requests are answered.</summary>
    /// <exception cref="InvalidOperationException">A setting forbids the start; the message names it and the remedy.</exception>
    public static async Task<RunningService> StartAsync(string[] args, CancellationToken ct)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddSimpleConsole(o => o.SingleLine = true);
        builder.Host.UseSystemd();
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls("http://127.0.0.1:8080");
        }

        builder.Services.AddOptions<ProvisionOptions>().BindConfiguration("Provision").ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection("Provision").Get<ProvisionOptions>() ?? new();
        RefusePlainHttpBeyondLoopback(builder.Configuration);

        using var loggers = LoggerFactory.Create(l => l.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(o => o.SingleLine = true));
        var logger = loggers.CreateLogger("ProvisionSvc.Database");
        Directory.CreateDirectory(options.StateDirectory);
        var database = await DatabaseConnection.OpenAsync(builder.Configuration, options.StateDirectory, logger, ct);
        try
        {
            builder.Services.AddSingleton(TimeProvider.System);
            builder.Services.AddNpgsqlDataSource(database.Service);
            AddWeb(builder.Services);
            Slices.Add(builder, options);

            var app = builder.Build();
            UseWeb(app);
            Slices.Map(app);
            await TokenEndpoints.EnsureFirstTokenAsync(
                app.Services.GetRequiredService<NpgsqlDataSource>(), Path.Combine(options.StateDirectory, "admin.token"), TimeProvider.System.GetUtcNow(), ct);
            await app.StartAsync(ct);
            return new RunningService(app, database);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static void AddWeb(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase));
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            o.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails();
        services.AddExceptionHandler<UnexpectedFaults>();
        services.AddTokens();
        services.AddApiDocument();
        services.AddHealth();
    }

    private static void UseWeb(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(c => Problems.OfStatus(c.HttpContext.Response.StatusCode).ExecuteAsync(c.HttpContext));
        app.UseApiDocumentPolicy();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapApiDocument();
        app.MapHealth();
    }

    /// <summary>Tokens travel in clear over plain HTTP: only loopback may use it.</summary>
    private static void RefusePlainHttpBeyondLoopback(IConfiguration configuration)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? ""));
        foreach (var url in urls.Where(u => u.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
        {
            var host = BindingAddress.Parse(url).Host;
            if (host != "localhost" && !(IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
            {
                throw new InvalidOperationException(
                    $"{url} would carry tokens in clear: use https:// with a certificate (Kestrel:Certificates:Default), or listen on http://127.0.0.1 behind a TLS proxy.");
            }
        }
    }
}

/// <summary>The running process; disposing it stops the doors, then the workers, then the private database.</summary>
internal sealed class RunningService(WebApplication application, DatabaseConnection database) : IAsyncDisposable
{
    public WebApplication Application => application;

    public DatabaseConnection Database => database;

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
        await database.DisposeAsync();
    }
}
