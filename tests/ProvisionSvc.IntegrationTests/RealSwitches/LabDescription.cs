using System.Text.Json;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>What <c>eng/lab.sh up</c> built, as it says in its <c>lab.json</c>.</summary>
public sealed record LabDescription(
    string Id, string Prefix, string State, string Inventory, string ManagementPrefix, LabGateway Gateway, IReadOnlyList<LabSwitch> Switches)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    public static LabDescription Read(string state) =>
        JsonSerializer.Deserialize<LabDescription>(File.ReadAllText(Path.Combine(state, "lab.json")), Options)
        ?? throw new InvalidDataException($"{state}/lab.json holds null.");

    public LabSwitch Switch(string name) => Switches.Single(s => s.Name == name);
}

/// <summary>The node's namespace: every VLAN has its gateway address there, and answers only in its VLAN.</summary>
public sealed record LabGateway(string Namespace, IReadOnlyList<LabVlan> Vlans)
{
    public string AddressIn(int vlan) => Vlans.Single(v => v.Id == vlan).Address;
}

public sealed record LabVlan(int Id, string Interface, string Address, int PrefixLength);

public sealed record LabSwitch(
    string Name, string Namespace, string Folder,
    string Address, int SnmpPort, string ReadCommunity, string WriteCommunity,
    int SshPort, string User, string KeyFile, string KnownHostsFile, string HostKeySha256,
    string Bridge, string Uplink, IReadOnlyList<LabPort> Ports)
{
    /// <summary>The customer behind a port.</summary>
    public LabCustomer CustomerAt(string ifName) => Ports.Single(p => p.Name == ifName).Customer;
}

public sealed record LabPort(string Name, LabCustomer Customer);

/// <summary>A customer's equipment: it has an address in every VLAN, so whichever an order picks, it is ready.</summary>
public sealed record LabCustomer(string Namespace, string Interface, IReadOnlyDictionary<string, string> Addresses);
