using System.Net;
using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.City;

/// <summary>
/// Draws a city from a seed: the same options give the same city. The first building is roomy; the last has one free port on each
/// switch; the last node is nearly sold out, so that each answer of a qualification has a place where it is true.
/// </summary>
public static class CityBuilder
{
    private static readonly string[] DistrictNames = ["东城", "西城", "朝阳", "海淀", "丰台", "石景山", "通州", "顺义", "昌平", "大兴"];
    private static readonly string[] Segments = ["group", "large", "chain", "small", "micro"];
    private static readonly int[] Rates = [10, 20, 50, 100, 100, 200, 500];
    private const decimal Oversubscription = 4.0m;

    public static CityPlan Build(int switches, int nodes, int buildings, int seed, IPAddress baseAddress) => Build(switches, nodes, buildings, seed, baseAddress, ["huawei-vrp5"]);

    /// <param name="families">Dealt over the switches in turn.</param>
    public static CityPlan Build(int switches, int nodes, int buildings, int seed, IPAddress baseAddress, IReadOnlyList<string> families)
    {
        var known = families.Select(KnownFamilies.Find).ToList();

        // The choices decide what stands where, nothing secret: a seeded generator is the point.
        var random = new Random(seed);
        var large = switches > nodes * 20;
        var draftNodes = Enumerable.Range(1, nodes)
            .Select(n => new Node($"node-{n}", ((n - 1) * 3 % 10) + 1, 0, Oversubscription, large ? 101 : 1001, large ? 4000 : 1999)).ToList();
        var buildingList = Enumerable.Range(1, buildings).Select(b => DrawBuilding(b, draftNodes)).ToList();
        var switchList = Enumerable.Range(0, switches).Select(i => DrawSwitch(i, buildingList, baseAddress, known[i % known.Count], random)).ToList();

        var sales = new Sales(random, draftNodes);
        foreach (var (plan, index) in switchList.Select((plan, index) => (plan, index)))
        {
            var building = buildingList[index % buildings];
            sales.Light(plan, building, LitPorts(plan.Model, index % buildings, buildings, random));
        }

        var nodeOf = buildingList.ToDictionary(b => b.Name, b => b.Node, StringComparer.Ordinal);
        var committed = sales.Services.GroupBy(s => nodeOf[s.Building]).ToDictionary(g => g.Key, g => g.Sum(s => s.DownMbps), StringComparer.Ordinal);
        return new CityPlan
        {
            Districts = [.. DistrictNames.Select((name, i) => new District(i + 1, $"{name}片区 D{i + 1}"))],
            Nodes = [.. draftNodes.Select((node, i) => node with { UplinkMbps = Egress(committed.GetValueOrDefault(node.Name), i == nodes - 1 && nodes > 1) })],
            Buildings = buildingList,
            Switches = switchList,
            Customers = sales.Customers,
            Accounts = sales.Accounts,
            Groups = sales.Groups,
            Services = sales.Services,
        };
    }

    private static Building DrawBuilding(int number, List<Node> nodes)
    {
        var district = ((number - 1) * 7 % 10) + 1;
        return new Building($"B{number:D3}", $"{DistrictNames[district - 1]}片区 {number} 号写字楼", district, nodes[(number - 1) % nodes.Count].Name);
    }

    private static SwitchPlan DrawSwitch(int index, List<Building> buildings, IPAddress baseAddress, Family family, Random random)
    {
        var building = buildings[index % buildings.Count];
        var model = random.Next(3) == 0 ? family.Large : family.Small;
        var name = $"sw-{building.Name.ToLowerInvariant()}-{(index / buildings.Count) + 1}";
        return new SwitchPlan(name, building.Name, building.Node, AddressOf(baseAddress, index), $"2102350LAB{index + 1:D10}", model, random.Next(4) * 16);
    }

    /// <summary>250 switches to each /24, so that no address ends in 0 or 255.</summary>
    public static IPAddress AddressOf(IPAddress baseAddress, int index)
    {
        var bytes = baseAddress.GetAddressBytes();
        var block = bytes[2] + (index / 250);
        return new IPAddress([bytes[0], (byte)(bytes[1] + (block / 256)), (byte)(block % 256), (byte)((index % 250) + 1)]);
    }

    private static int LitPorts(HardwareModel model, int building, int buildings, Random random)
    {
        if (building == 0) return model.CustomerPorts / 6;
        if (building == buildings - 1) return model.CustomerPorts - 1;
        return model.CustomerPorts * random.Next(30, 66) / 100;
    }

    /// <summary>Plenty of room, but for the nearly sold-out node: what is committed plus a tenth.</summary>
    private static int Egress(int committed, bool tight)
    {
        var needed = (int)Math.Ceiling(committed / Oversubscription);
        return tight ? ((needed / 100) + 2) * 100 : Math.Max(20000, ((needed * 2 / 10000) + 1) * 10000);
    }

    /// <summary>Hands out circuits, accounts and VLANs while switches are lit.</summary>
    private sealed class Sales(Random random, List<Node> nodes)
    {
        private readonly Dictionary<string, Node> _nodes = nodes.ToDictionary(n => n.Name, StringComparer.Ordinal);
        private readonly Dictionary<string, int> _nextVlan = nodes.ToDictionary(n => n.Name, n => n.VlanFirst, StringComparer.Ordinal);
        private readonly Dictionary<string, (Group Group, string Account, int Vlan, int Left)> _openGroup = new(StringComparer.Ordinal);

        public List<Customer> Customers { get; } = [];

        public List<Account> Accounts { get; } = [];

        public List<Group> Groups { get; } = [];

        public List<Service> Services { get; } = [];

        public void Light(SwitchPlan plan, Building building, int ports)
        {
            var names = plan.Model.Interfaces.Where(i => i.Role == PortRole.Customer).Select(i => i.Name).ToArray();
            random.Shuffle(names);
            foreach (var name in names.Take(ports).Order(StringComparer.Ordinal))
            {
                if (Sell(building) is not { } sold) return;
                var rate = Rates[random.Next(Rates.Length)];
                Services.Add(new Service($"BJ-{Services.Count + 1:D6}", sold.Account, building.Name, sold.Group, rate, rate, plan.Name, name, sold.Vlan));
            }
        }

        private (string Account, string Group, int Vlan)? Sell(Building building)
        {
            var node = _nodes[building.Node];
            if (random.Next(12) == 0 && _openGroup.TryGetValue(node.Name, out var open) && open.Left > 0)
            {
                _openGroup[node.Name] = open with { Left = open.Left - 1 };
                return (open.Account, open.Group.Name, open.Vlan);
            }

            // A tenth of a node's VLANs stays free: a city is never sold to the last one.
            var vlan = _nextVlan[node.Name];
            if (vlan > node.VlanLast - ((node.VlanLast - node.VlanFirst) / 10)) return null;
            _nextVlan[node.Name] = vlan + 1;

            var account = OpenAccount(building.District);
            if (random.Next(15) != 0) return (account, "", vlan);
            var group = new Group($"VPN-{Groups.Count + 1:D4}", Customers[^1].Code);
            Groups.Add(group);
            _openGroup[node.Name] = (group, account, vlan, 4);
            return (account, group.Name, vlan);
        }

        private string OpenAccount(int district)
        {
            var number = Customers.Count + 1;
            Customers.Add(new Customer($"C{number:D5}", $"Customer {number:D4} Ltd", Segments[random.Next(Segments.Length)]));
            Accounts.Add(new Account($"A{number:D6}", Customers[^1].Code, district, 500 * random.Next(1, 40)));
            return Accounts[^1].Number;
        }
    }
}
