namespace ProvisionSvc.IntegrationTests.Api;

/// <summary>Tokens travel in clear over plain HTTP: it is refused at the start wherever somebody else could listen.</summary>
public sealed class PlainHttpTests
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--urls=http://0.0.0.0:0")]
    [InlineData("--urls=http://*:0")]
    [InlineData("--urls=http://+:0")]
    [InlineData("--urls=http://[::]:0")]
    [InlineData("--urls=HTTP://10.0.0.1:0")]
    [InlineData("--urls=http://127.0.0.1:0;http://0.0.0.0:0")]
    [InlineData("--urls=http://example.test:0")]
    [InlineData("--Kestrel:Endpoints:Door:Url=http://0.0.0.0:0")]
    public async Task Plain_HTTP_beyond_loopback_is_refused_before_anything_is_made(string setting)
    {
        var state = Path.Combine(Path.GetTempPath(), $"provision-never-{Guid.NewGuid():N}");
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ProvisionSvc.Hosting.ServiceHost.StartAsync([setting, $"--Provision:StateDirectory={state}"], _ct));
        Assert.Contains("in clear", refused.Message);
        Assert.False(Directory.Exists(state));
    }
}
