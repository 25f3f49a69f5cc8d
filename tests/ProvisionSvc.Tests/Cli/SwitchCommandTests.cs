using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

public sealed class SwitchCommandTests
{
    private const string Trust = "POST /api/v1/switches/sw-3/trust";

    [Fact]
    public async Task Trust_shows_the_fingerprint_and_how_to_record_it()
    {
        var service = new FakeService().On(Trust, new HostKeyView("sw-3", "SHA256:abc", Trusted: null, Changed: false));

        var run = await Run.OfAsync(service, "switch", "trust", "sw-3");

        Assert.Equal("{}", service.Body);
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            """
            switch   sw-3
            shown    SHA256:abc
            trusted  none
            if that is the switch's own key: provision switch trust sw-3 --fingerprint SHA256:abc

            """, run.Out);
    }

    [Fact]
    public async Task Trust_records_the_fingerprint_that_was_compared()
    {
        var service = new FakeService().On(Trust, new HostKeyView("sw-3", "SHA256:abc", "SHA256:abc", Changed: true));

        var run = await Run.OfAsync(service, "switch", "trust", "sw-3", "--fingerprint", "SHA256:abc");

        Assert.Equal("""{"hostKeySha256":"SHA256:abc"}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("trusted  SHA256:abc", run.Out);
    }

    [Fact]
    public async Task Yes_records_the_key_after_showing_it()
    {
        var service = new FakeService().On(Trust, new HostKeyView("sw-3", "SHA256:new", "SHA256:old", Changed: true))
            .On(Trust, new HostKeyView("sw-3", "SHA256:new", "SHA256:new", Changed: true));

        var run = await Run.OfAsync(service, "switch", "trust", "sw-3", "--yes");

        Assert.Equal([Trust, Trust], service.Requests);
        Assert.Equal("""{"hostKeySha256":"SHA256:new"}""", service.Body);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("The key is NOT the trusted one", run.Out);
        Assert.EndsWith("trusted  SHA256:new\n", run.Out);
    }

    [Fact]
    public async Task A_key_that_is_trusted_already_is_done()
    {
        var service = new FakeService().On(Trust, new HostKeyView("sw-3", "SHA256:abc", "SHA256:abc", Changed: false));

        var run = await Run.OfAsync(service, "switch", "trust", "sw-3", "--yes");

        Assert.Equal(0, run.ExitCode);
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task Mode_and_unlock_say_why()
    {
        var service = new FakeService()
            .On("PUT /api/v1/switches/sw-3/mode", Some.Switch("sw-3", "maintenance"))
            .On("POST /api/v1/switches/sw-3/unlock", Some.Switch("sw-3"));

        var mode = await Run.OfAsync(service, "switch", "mode", "sw-3", "maintenance", "--until", "2030-01-31T06:00:00Z", "--why", "power");
        Assert.Equal("""{"mode":"maintenance","until":"2030-01-31T06:00:00+00:00","why":"power"}""", service.Body);
        var unlock = await Run.OfAsync(service, "switch", "unlock", "sw-3", "--why", "looked");
        Assert.Equal("""{"why":"looked"}""", service.Body);
        var unknown = await Run.OfAsync(service, "switch", "mode", "sw-3", "sleep");

        Assert.Equal((0, 0, 1), (mode.ExitCode, unlock.ExitCode, unknown.ExitCode));
        Assert.Contains("mode          maintenance", mode.Out);
        Assert.Contains("maintenance", unknown.Error);
    }

    [Fact]
    public async Task A_name_is_one_segment_of_the_path()
    {
        var service = new FakeService().On("GET /api/v1/switches/a%2Fb%3Fc", Some.Switch("a/b?c"));

        Assert.Equal(0, (await Run.OfAsync(service, "switch", "show", "a/b?c")).ExitCode);
        Assert.Equal("provision: \"..\" is not a name.\n", (await Run.OfAsync(service, "switch", "show", "..")).Error);
    }
}
