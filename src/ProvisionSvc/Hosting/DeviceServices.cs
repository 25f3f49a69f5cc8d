using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using ProvisionSvc.Core.Plans;
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
    private const int MostNews = 16_384;

    public static void AddDevices(this IServiceCollection services)
    {
        services.AddSingleton(s => TemplateCatalog.Load(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.TemplatesDirectory).OrThrow());

        // More news than this at once is lost; whoever keeps it hears it again from the agents.
        services.AddSingleton(System.Threading.Channels.Channel.CreateBounded<SnmpEngineEvent>(new BoundedChannelOptions(MostNews) { FullMode = BoundedChannelFullMode.DropWrite }));
        services.AddSingleton(s => new AccessRules(
            AccessOptions.Rules(s.GetRequiredService<IOptions<ProvisionOptions>>().Value.Access),
            (name, ct) => s.GetRequiredService<CredentialStore>().OpenLoginAsync(name, ct)));
        services.AddSingleton<ISnmpClient>(s => new AgentsBySource(s.GetRequiredService<AccessRules>(), source => new SnmpClient(
            Speaking(source, s.GetRequiredService<Channel<SnmpEngineEvent>>().Writer), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SnmpClient>>())));
        services.AddSingleton<ITerminalConnector>(s => new SshConnector(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AgentPorts>();
        services.AddSingleton<AgentNeighbours>();
        services.AddSingleton(s => Access(s, s.GetRequiredService<IOptions<ProvisionOptions>>().Value));
    }

    private static SwitchAccess Access(IServiceProvider services, ProvisionOptions options) => new(
        services.GetRequiredService<ITerminalConnector>(), services.GetRequiredService<AgentPorts>(), Prefixes(options.ManagementPrefixes),
        services.GetRequiredService<AccessRules>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<AgentNeighbours>(), new UplinkSigns(options.UplinkMacs, options.RefuseSwitchNeighbours));

    private static SnmpClientOptions Speaking(IPAddress? source, ChannelWriter<SnmpEngineEvent> news)
    {
        var options = new SnmpClientOptions { EngineNews = heard => news.TryWrite(heard) };
        if (source?.AddressFamily == AddressFamily.InterNetworkV6)
        {
            options.LocalAddressV6 = source;
        }
        else if (source is not null)
        {
            options.LocalAddress = source;
        }

        return options;
    }

    /// <exception cref="InvalidOperationException">A prefix is not one; all of them are named.</exception>
    private static IReadOnlyList<IPNetwork> Prefixes(IReadOnlyList<string> texts)
    {
        var wrong = texts.Where(t => !IPNetwork.TryParse(t, out _)).ToList();
        return wrong.Count == 0
            ? [.. texts.Select(IPNetwork.Parse)]
            : throw new InvalidOperationException($"Provision:ManagementPrefixes: {string.Join(", ", wrong.Select(w => $"\"{w}\""))} are no networks like 10.1.0.0/16.");
    }
}
