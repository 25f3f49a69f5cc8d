using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;

namespace ProvisionSvc.IntegrationTests.Terminal;

public sealed class TerminalOverSshTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static readonly SshConnector Connector = new(TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shell_answers_line_by_line()
    {
        await using var session = await Connector.OpenAsync(sshd.Shell.Endpoint(), SshdFixture.ShellDialect, Ct);
        Assert.Equal("one\ntwo\n", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("printf 'one\\ntwo\\n'", Ct)).Output);
        Assert.StartsWith("exit status 3", Assert.IsType<LineResult.Rejected>(await session.SendAsync("(exit 3)", Ct)).Reason);
        Assert.True(session.LocalPort > 0);
    }

    [Fact]
    public async Task A_vrp_like_command_line_is_configured_and_saved()
    {
        await using var session = await Connector.OpenAsync(sshd.Vrp.Endpoint(), SshdFixture.VrpDialect, Ct);
        Assert.Equal("SW-01", session.Host);
        Assert.Contains("max number of VTY users is 10", session.Banner);
        foreach (var line in new[] { "system-view", "interface GigabitEthernet0/0/1", "description C-1007", "undo shutdown", "return" })
        {
            Assert.IsType<LineResult.Confirmed>(await session.SendAsync(line, Ct));
        }

        Assert.Equal("Error: Unrecognized command found at '^' position.", Assert.IsType<LineResult.Rejected>(await session.SendAsync("nonsense", Ct)).Reason);
        var saved = await session.SendAsync("save", Ct, dialogues: [new Dialogue(@"\[Y/N\]:", "Y")]);
        Assert.Contains("Save the configuration successfully.", Assert.IsType<LineResult.Confirmed>(saved).Output);
    }
}
