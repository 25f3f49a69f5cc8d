using ProvisionSvc.Contracts;

namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>
/// A city of two districts, two nodes, three buildings (the third without a switch), three switches of six customer ports and a LAG of two uplinks, and
/// two lines: circuit-1 on b1-sw1 port 1, circuit-2 on b2-sw1 port 1. Change single files with <see cref="With"/> or <see cref="Edit"/>.
/// </summary>
public sealed record SmallCity(IReadOnlyDictionary<string, string> Files)
{
    public const string Template = "huawei-vrp5";

    public static SmallCity Default { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["districts.csv"] = "number,name\n1,East\n2,West\n",
        ["nodes.csv"] = "name,district,uplink_mbps,oversubscription,vlan_first,vlan_last\nn1,1,10000,4,100,199\nn2,2,1000,2,100,199\n",
        ["buildings.csv"] = "name,address,district,node\nb1,\"1 First Street, East\",1,n1\nb2,2 Second Street,2,n2\nb3,3 Third Street,1,n1\n",
        ["switches.csv"] = "name,building,template,address,snmp_port,ssh_port,credential,serial,host_key_sha256\n" +
            $"b1-sw1,b1,{Template},127.10.0.1,1161,1022,lab,S1,\nb1-sw2,b1,{Template},127.10.0.2,1161,1022,lab,,\nb2-sw1,b2,{Template},127.10.0.3,1161,1022,lab,,\n",
        ["ports.csv"] = "switch,if_name,role,speed_mbps\n" + string.Concat(
            from s in (string[])["b1-sw1", "b1-sw2", "b2-sw1"]
            from p in Enumerable.Range(1, 8)
            select $"{s},GigabitEthernet0/0/{p},{(p > 6 ? "uplink" : "customer")},1000\n"),
        ["links.csv"] = "name,switch,if_names,node,speed_mbps\n" + string.Concat(
            from s in ((string Name, string Node)[])[("b1-sw1", "n1"), ("b1-sw2", "n1"), ("b2-sw1", "n2")]
            select $"{s.Name}--{s.Node},{s.Name},GigabitEthernet0/0/7;GigabitEthernet0/0/8,{s.Node},2000\n"),
        ["customers.csv"] = "code,name,segment\nc1,First Company,small\nc2,第二公司,large\n",
        ["accounts.csv"] = "number,customer,district,monthly_value\na1,c1,1,1200.50\na2,c2,2,\n",
        ["groups.csv"] = "name,customer\ng1,c2\n",
        ["services.csv"] = "circuit_id,account,building,group,rate_down_mbps,rate_up_mbps,state\ncircuit-1,a1,b1,,100,50,active\ncircuit-2,a2,b2,g1,200,200,active\n",
        ["attachments.csv"] = "circuit_id,switch,if_name,vlan,tagged\ncircuit-1,b1-sw1,GigabitEthernet0/0/1,100,false\ncircuit-2,b2-sw1,GigabitEthernet0/0/1,100,false\n",
    });

    /// <summary>This city with another text for one file.</summary>
    public SmallCity With(string file, string text) => new(new Dictionary<string, string>(Files, StringComparer.Ordinal) { [file] = text });

    /// <summary>This city with one file changed; the text to replace has to be in it.</summary>
    public SmallCity Edit(string file, string from, string to)
    {
        Assert.Contains(from, Files[file]);
        return With(file, Files[file].Replace(from, to, StringComparison.Ordinal));
    }

    public SmallCity Only(params IReadOnlyList<string> files) => new(Files.Where(f => files.Contains(f.Key)).ToDictionary(StringComparer.Ordinal));

    public ImportInventoryRequest Request(bool dryRun = false) => new() { Files = Files, DryRun = dryRun };

    public Task<ImportInventoryView> ImportAsync(HttpClient client, CancellationToken ct, bool dryRun = false) =>
        client.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", Request(dryRun), ct);
}
