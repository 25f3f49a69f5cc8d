using System.Net;
using Microsoft.Extensions.Configuration;
using ProvisionSvc.Core;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Hosting;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.Switches;

/// <summary>By which way a switch is spoken to: source address and jump host of its prefix.</summary>
public class AccessTests
{
    private static readonly IReadOnlyList<AccessRule> Rules = AccessOptions.Rules(
    [
        new() { Prefix = "10.0.0.0/8", Source = "10.1.1.5" },
        new() { Prefix = "10.30.0.0/16", JumpHost = "10.1.1.9", JumpHostKey = "SHA256:abc", JumpCredential = "jump" },
        new() { Prefix = "10.30.7.0/24", Source = "10.1.1.6", JumpHost = "10.1.1.10:2222", JumpHostKey = "SHA256:def", JumpCredential = "gone" },
        new() { Prefix = "2001:db8::/32", JumpHost = "[2001:db8::9]:22", JumpHostKey = "SHA256:abc", JumpCredential = "jump" },
    ]);

    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_longest_prefix_says_the_way()
    {
        var ways = new AccessRules(Rules, Login);
        Assert.Null(await ways.WayToAsync(IPAddress.Parse("192.0.2.1"), _ct));
        Assert.Equal(new AccessWay(IPAddress.Parse("10.1.1.5"), null), await ways.WayToAsync(IPAddress.Parse("10.31.0.1"), _ct));

        var way = await ways.WayToAsync(IPAddress.Parse("10.30.0.1"), _ct);
        Assert.Equal((IPAddress.Parse("10.1.1.9"), 22, "SHA256:abc", "hopper"), (way!.Jump!.Address, way.Jump.Port, way.Jump.HostKeySha256, way.Jump.Login.User));
        Assert.Equal(22, (await ways.WayToAsync(IPAddress.Parse("2001:db8::1"), _ct))!.Jump!.Port);
    }

    [Fact]
    public async Task A_jump_host_without_its_credential_is_no_way()
    {
        var failure = await Assert.ThrowsAsync<DeviceException>(() => new AccessRules(Rules, Login).WayToAsync(IPAddress.Parse("10.30.7.1"), _ct));
        Assert.Equal((DeviceFault.AuthenticationFailed, false), (failure.Fault, failure.IsTransient));
        Assert.Contains("There is no credential \"gone\"", failure.Message);
    }

    [Theory]
    [InlineData("Provision:Access:0:Prefix is \"10.0.0.0\"", "Prefix=10.0.0.0", "Source=10.1.1.5")]
    [InlineData("Provision:Access:0:Source is \"here\"", "Prefix=10.0.0.0/8", "Source=here")]
    [InlineData("Source and JumpHost are missing", "Prefix=10.0.0.0/8")]
    [InlineData("JumpHost is \"bastion\"", "Prefix=10.0.0.0/8", "JumpHost=bastion", "JumpHostKey=SHA256:a", "JumpCredential=c")]
    [InlineData("JumpHostKey is \"\"", "Prefix=10.0.0.0/8", "JumpHost=10.1.1.9", "JumpCredential=c")]
    [InlineData("JumpHostKey is \"MD5:00\"", "Prefix=10.0.0.0/8", "JumpHost=10.1.1.9", "JumpHostKey=MD5:00", "JumpCredential=c")]
    [InlineData("JumpCredential is missing", "Prefix=10.0.0.0/8", "JumpHost=10.1.1.9", "JumpHostKey=SHA256:a")]
    [InlineData("of no use without JumpHost", "Prefix=10.0.0.0/8", "Source=10.1.1.5", "JumpCredential=c")]
    public void What_is_half_a_way_is_refused_at_the_start(string message, params string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => s.Split('=')).Select(s => KeyValuePair.Create($"Provision:Access:0:{s[0]}", (string?)s[1]))).Build();
        var options = configuration.GetSection("Provision").Get<ProvisionOptions>()!;
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => AccessOptions.Rules(options.Access)).Message);
    }

    [Fact]
    public async Task Agents_are_asked_from_the_address_of_their_prefix_and_behind_a_jump_host_from_any()
    {
        var made = new Dictionary<string, ScriptedAgent>();
        await using var client = new AgentsBySource(new AccessRules(Rules, Login), source => made[source?.ToString() ?? "any"] = new());
        Assert.Equal(["10.1.1.5", "10.1.1.6", "any"], made.Keys.Order(StringComparer.Ordinal));
        foreach (var (address, from) in new[] { ("10.31.0.1", "10.1.1.5"), ("10.30.0.1", "any"), ("10.30.7.1", "any"), ("192.0.2.1", "any") })
        {
            await client.SetAsync(new SnmpTarget(new(IPAddress.Parse(address), 161)), [new(IfMib.IfAlias.Append(1), SnmpValue.OctetString(address))], _ct);
            Assert.Equal(address, System.Text.Encoding.ASCII.GetString(made[from].Sets[^1].Value.Octets.Span));
        }
    }

    private static Task<(TerminalLogin? Login, string? Problem)> Login(string name, CancellationToken ct) => Task.FromResult<(TerminalLogin?, string?)>(
        name == "jump" ? (new TerminalLogin("hopper", new Secret("canary")), null) : (null, $"There is no credential \"{name}\"."));
}
