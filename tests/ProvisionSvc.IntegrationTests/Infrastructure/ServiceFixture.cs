using System.Runtime.ExceptionServices;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>
/// One running service for the tests of a class (<c>IClassFixture&lt;ServiceFixture&gt;</c>). Derive and override <see cref="Settings"/> for other settings.
/// </summary>
public class ServiceFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private RunningTestService? _service;
    private ExceptionDispatchInfo? _missing;

    protected virtual IReadOnlyList<string> Settings => ["--Provision:ManagementPrefixes:0=127.0.0.0/8"];

    public RunningTestService Service
    {
        get
        {
            // A fixture cannot skip; the test that touches it can.
            _missing?.Throw();
            return _service ?? throw new InvalidOperationException("The service has not been started.");
        }
    }

    public async ValueTask InitializeAsync()
    {
        try
        {
            _service = await RunningTestService.StartAsync(postgres, TestContext.Current.CancellationToken, Settings);
        }
        catch (Exception why) when (why is Xunit.Sdk.SkipException or Xunit.Sdk.FailException)
        {
            _missing = ExceptionDispatchInfo.Capture(why);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}

/// <summary>The same without a worker: no sweep, no lane, no clock; what a test writes into the tables stays as it is.</summary>
public sealed class ApiFixture(PostgresFixture postgres) : ServiceFixture(postgres)
{
    protected override IReadOnlyList<string> Settings => [.. base.Settings, "--Provision:Role=api"];
}
