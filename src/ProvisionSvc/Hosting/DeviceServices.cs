using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using ProvisionSvc.Credentials;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Devices.Terminal.Ssh;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Hosting;

/// <summary>The way to the switches: templates, one SNMP engine, SSH, and the prefixes outside of which nothing is contacted.</summary>
internal static class DeviceServices
{
    public static void AddDevices(this IServiceCollection services)
    {
        services.AddSingleton(s => TemplateCatalog.Load(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.TemplatesDirectory).OrThrow());
        services.AddSingleton(s => new AccessRules(
            AccessOptions.Rules(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.Access), async (name, ct) =>
            {
                var (credential, problem) = await s.GetRequiredService<CredentialStore>().OpenAsync(name, ct);
                return (credential?.Login, problem);
            }));
        services.AddSingleton<ISnmpClient>(s => new AgentsBySource(s.GetRequiredService<AccessRules>(), source => new SnmpClient(
            Speaking(source), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SnmpClient>>())));
        services.AddSingleton<ITerminalConnector>(s => new SshConnector(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AgentPorts>();
        services.AddSingleton(s => new SwitchAccess(
            s.GetRequiredService<ITerminalConnector>(), s.GetRequiredService<AgentPorts>(),
            Prefixes(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.ManagementPrefixes), s.GetRequiredService<AccessRules>(),
            s.GetRequiredService<TimeProvider>()));
    }

    private static SnmpClientOptions Speaking(IPAddress? source) => source switch
    {
        null => new(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new() { LocalAddressV6 = source },
        _ => new() { LocalAddress = source },
    };

    /// <exception cref="InvalidOperationException">A prefix is not one; all of them are named.</exception>
    private static IReadOnlyList<IPNetwork> Prefixes(IReadOnlyList<string> texts)
    {
        var wrong = texts.Where(t => !IPNetwork.TryParse(t, out _)).ToList();
        return wrong.Count == 0
            ? [.. texts.Select(IPNetwork.Parse)]
            : throw new InvalidOperationException($"Provision:ManagementPrefixes: {string.Join(", ", wrong.Select(w => $"\"{w}\""))} are no networks like 10.1.0.0/16.");
    }
}
