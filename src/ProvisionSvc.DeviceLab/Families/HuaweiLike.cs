using System.Collections.Immutable;
using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.DeviceLab.Terminal;

namespace ProvisionSvc.DeviceLab.Families;

/// <summary>What VRP 5 and VRP 8 have in common beyond <see cref="VrpLike"/>: VLANs in batches, the user lines on show, a save that asks.</summary>
internal abstract class HuaweiLike : VrpLike
{
    protected const string NotDefault = "Error: Please renew the default configurations.";

    public override string? LoginQuestion => "Warning: The initial password poses security risks.\r\nThe password needs to be changed. Change now? [Y/N]:";

    protected override int LongestDescription => 242;

    protected override IEnumerable<Command> Commands =>
    [
        .. base.Commands,
        new(Mode.User, "screen-length <number> temporary", c =>
        {
            c.State.PageLength = c.Number(0);
            c.Print("Info: The configuration takes effect on the current user terminal interface only.");
        }),
        new(Mode.User, "save", c => c.Ask(SaveQuestion)),
        new(Mode.Configuration, "vlan <vlan>", EnterVlan),
        new(Mode.Configuration, "vlan batch <rest>", c => ChangeVlans(c, (all, some) => all.Union(some))),
        new(Mode.Configuration, "undo vlan <vlan>", RemoveVlan),
        new(Mode.Configuration, "undo vlan batch <rest>", c => ChangeVlans(c, (all, some) => all.Except(some.Where(v => v != 1)))),
        new(Mode.Interface, "port link-type access", c => SetLinkType(c, LinkType.Access)),
        new(Mode.Interface, "port link-type trunk", c => SetLinkType(c, LinkType.Trunk)),
        new(Mode.Interface, "undo port link-type", c => SetLinkType(c, LinkType.Default)),
        new(Mode.Interface, "port default vlan <vlan>", SetDefaultVlan),
        new(Mode.Interface, "undo port default vlan", c => c.WritePort("defaultVlan", p => p with { DefaultVlan = 1 }, p => $"{p.DefaultVlan}")),
        new(Mode.Interface, "port trunk allow-pass vlan <rest>", c => ChangeAllowed(c, add: true)),
        new(Mode.Interface, "undo port trunk allow-pass vlan <rest>", c => ChangeAllowed(c, add: false)),
        new(Mode.Interface, "undo port trunk pvid vlan", c => SetNative(c, null)),
        new(Mode.All, "display clock", c => c.Print(c.Device.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))),
    ];

    /// <summary>Without a colon, and over two lines; other releases ask otherwise.</summary>
    protected virtual Question SaveQuestion { get; } = new(
        "The current configuration will be written to the device.\r\nAre you sure to continue?[Y/N]",
        (answer, text) =>
        {
            if (text.Trim() is not ("y" or "Y" or "n" or "N")) return false;
            if (text.Trim() is "n" or "N") return true;
            answer.Print("Now saving the current configuration to the slot 0.");
            answer.Print(".");
            if (answer.TrySave(out var why)) answer.Print("Save the configuration successfully.");
            else answer.Print($"Error: {why}");
            return true;
        });

    /// <summary>What a port without a link type is: one that takes an access VLAN only after it was told to be an access port, or an access port already.</summary>
    protected abstract bool IsAccess(LinkType type);

    public override void Refuse(CommandContext context, IEnumerable<string>? words) => base.Refuse(context, words ?? ["Error: The operation is not allowed."]);

    public override IEnumerable<string> Greet(SimSwitch device, int inUse) =>
        [.. Part(inUse), $"      The current login time is {device.Clock.GetUtcNow():yyyy-MM-dd HH:mm:ss}."];

    public override IEnumerable<string> Part(int left) =>
        [$"Info: The max number of VTY users is {VtyLines.DeviceLimit}, and the number", $"      of current VTY users on line is {left}."];

    protected override IEnumerable<string> Interface(SimSwitch device, int slot, PortConfig port)
    {
        var model = device.Model.Interfaces[slot];
        yield return $"interface {model.CliName}";
        if (port.Description.Length > 0) yield return $" description {port.Description}";
        if (port.Shutdown) yield return " shutdown";
        if (model.Kind == InterfaceKind.Management) yield return $" ip address {device.Address} 255.255.255.255";
        if (model.Kind == InterfaceKind.Lag) yield return " port link-type trunk";
        if (model.Kind == InterfaceKind.Lag) yield return " port trunk allow-pass vlan 2 to 4094";
        if (model.IsLagMember) yield return " eth-trunk 1";
        if (port.LinkType == LinkType.Trunk || (port.LinkType == LinkType.Access && !IsAccess(LinkType.Default))) yield return $" port link-type {port.LinkType.ToString().ToLowerInvariant()}";
        if (port.DefaultVlan != 1) yield return $" port default vlan {port.DefaultVlan}";
        if (port is { LinkType: LinkType.Trunk, NativeVlan: { } native }) yield return $" port trunk pvid vlan {native}";
        if (port is { LinkType: LinkType.Trunk, Allowed: { } allowed })
        {
            var list = VlanList.Parse(allowed);
            if (!list.Contains(1)) yield return " undo port trunk allow-pass vlan 1";
            foreach (var chunk in VlanList.Words(list.Where(v => v != 1)).Chunk(10)) yield return $" port trunk allow-pass vlan {string.Join(' ', chunk)}";
        }

        if (port.Inbound is { } inbound) yield return $" qos lr inbound {inbound}";
        if (port.Outbound is { } outbound) yield return $" qos lr outbound {outbound}";
    }

    protected static IEnumerable<string> VlanBatch(SwitchConfig config) => VlanList.Words(config.Vlans.Where(v => v != 1)).Chunk(10).Select(c => "vlan batch " + string.Join(' ', c));

    private void SetLinkType(CommandContext context, LinkType type)
    {
        if (context.Port.LinkType != type && IsAccess(type) != IsAccess(context.Port.LinkType) && context.Port.DefaultVlan != 1) context.Refuse(NotDefault);
        else
        {
            context.WritePort(
                "linkType",
                p => p with { LinkType = type, Allowed = type == LinkType.Trunk ? p.Allowed : null, NativeVlan = type == LinkType.Trunk ? p.NativeVlan : null },
                p => p.LinkType.ToString().ToLowerInvariant());
        }
    }

    private void SetDefaultVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (!context.Config.Vlans.Contains(vlan)) context.Refuse("Error: The VLAN does not exist.");
        else if (!IsAccess(context.Port.LinkType)) context.Refuse(NotDefault);
        else context.WritePort("defaultVlan", p => p with { DefaultVlan = vlan }, p => $"{p.DefaultVlan}");
    }

    private void ChangeVlans(CommandContext context, Func<ImmutableSortedSet<int>, IEnumerable<int>, ImmutableSortedSet<int>> change)
    {
        if (VlanList.TryWords(context.Text(0)) is { } list) context.WriteVlans(all => change(all, list));
        else WrongParameter(context, 0);
    }

    private static void RemoveVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (vlan == 1) context.Refuse("Error: The default VLAN can not be deleted.");
        else if (!context.Config.Vlans.Contains(vlan)) context.Refuse("Error: The VLAN does not exist.");
        else context.WriteVlans(all => all.Remove(vlan));
        if (context.State.Mode == Mode.Vlan && context.State.Vlans.Contains(vlan)) context.State.Mode = Mode.Configure;
    }
}
