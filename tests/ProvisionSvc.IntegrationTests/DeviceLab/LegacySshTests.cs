using ProvisionSvc.Core;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.DeviceLab;

/// <summary>A switch whose sshd speaks group1-sha1, ssh-rsa with 1024 bits, CBC and hmac-sha1 only: reached by a template that names them, and by no other.</summary>
public sealed class LegacySshTests
{
    [Fact]
    public async Task An_old_switch_is_reached_by_the_algorithms_that_its_template_names_and_refused_without()
    {
        Requires.That(LabHost.WhyNoSsh() is null, LabHost.WhyNoSsh() ?? "");
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("provision-legacy-");
        await using (var lab = await LabHost.StartAsync(new LabOptions { StateDirectory = Path.Combine(folder.FullName, "lab"), Switches = 1, Buildings = 1, Nodes = 1, LegacySsh = true }, ct))
        {
            var device = lab.Switches[0];
            var login = new TerminalLogin(lab.User, null, new Secret(await File.ReadAllTextAsync(lab.PrivateKeyFile, ct)));
            var endpoint = new TerminalEndpoint(device.Name, device.Address, lab.SshPort, login, lab.HostKeySha256);
            var connector = new SshConnector(TimeProvider.System);

            var old = Dialect(folder, "[diffie-hellman-group1-sha1, ssh-rsa, aes128-cbc, hmac-sha1]");
            await using (var session = await connector.OpenAsync(endpoint, old, ct))
            {
                Assert.Equal(device.Name, session.Host);
                Assert.Contains("Version 5.170", Assert.IsType<LineResult.Confirmed>(await session.SendAsync("display version", ct)).Output, StringComparison.Ordinal);
            }

            var refused = await Assert.ThrowsAsync<DeviceException>(() => connector.OpenAsync(endpoint, Dialect(folder, "[]"), ct));
            Assert.Contains("algorithm", refused.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Single(lab.WriteLog.Entries, e => e.Kind == ProvisionSvc.DeviceLab.Switches.LogKind.Open);
        }

        folder.Delete(recursive: true);
    }

    /// <summary>The family's template with another list of algorithms, loaded as any template is.</summary>
    private static TerminalDialect Dialect(DirectoryInfo folder, string algorithms)
    {
        var templates = Directory.CreateDirectory(Path.Combine(folder.FullName, "templates", "huawei-vrp5"));
        var source = Path.Combine(Checkout.Root, "device-templates");
        var text = File.ReadAllText(Path.Combine(source, "huawei-vrp5", "template.yaml")).Replace("legacyAlgorithms: []", $"legacyAlgorithms: {algorithms}", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(templates.FullName, "template.yaml"), text);
        File.Copy(Path.Combine(source, "standard.yaml"), Path.Combine(templates.Parent!.FullName, "standard.yaml"), overwrite: true);
        return TemplateCatalog.Load(templates.Parent!.FullName).OrThrow().Find("huawei-vrp5")!.Dialect!;
    }
}
