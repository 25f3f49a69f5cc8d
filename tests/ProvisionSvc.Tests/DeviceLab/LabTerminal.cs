using System.IO.Pipelines;
using System.Net;
using ProvisionSvc.Core;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Devices.Terminal;
using ProvisionSvc.Snmp;
using ProvisionSvc.Tests.Switches;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>The product's own hands on a lab's first switch: its terminal session over an in-process stream, its SNMP client over loopback.</summary>
internal sealed class LabTerminal(TestLab lab, LoadedTemplate template) : ITerminalConnector, IAsyncDisposable
{
    private readonly SnmpClient _client = new();

    public SwitchEndpoint Endpoint { get; } = new(lab.First.Name, lab.First.Address, lab.Host.SnmpPort, 22, null);

    public SwitchCredential Credential { get; } = new(
        [new(1, new TerminalLogin("admin", new Secret("lab-password"), null, new Secret(lab.Host.EnableSecret)),
            new AgentLogin.Communities(new Secret(lab.Host.ReadCommunity), new Secret(lab.Host.WriteCommunity)))],
        new Dictionary<Channel, int>(), null, new OpenBook());

    public SwitchAccess Access => new(this, new AgentPorts(_client), [IPNetwork.Parse("127.0.0.0/8")], AccessRules.None, TimeProvider.System);

    public Task<SwitchSession> OpenAsync() => Access.OpenAsync(Endpoint, Credential, template, () => { }, TestContext.Current.CancellationToken);

    public Task<ITerminalSession> OpenAsync(TerminalEndpoint endpoint, TerminalDialect dialect, CancellationToken ct) =>
        TerminalSession.LoginAsync(new StreamTransport(lab.Host.OpenTerminal(lab.First.Name)), endpoint, dialect, TimeProvider.System, ct);

    public Task<string> ReadHostKeyAsync(IPEndPoint address, AccessWay? way, CancellationToken ct) => throw new NotSupportedException("A stream has no host key.");

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>A stream as the product's transports look.</summary>
    private sealed class StreamTransport(Stream stream) : ITerminalTransport
    {
        public PipeReader Output { get; } = PipeReader.Create(stream);

        public int LocalPort => 1;

        public string Ending => "the device closed the session";

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) => stream.WriteAsync(bytes, ct);

        public void Abort() => stream.Dispose();

        public ValueTask DisposeAsync() => stream.DisposeAsync();
    }
}
