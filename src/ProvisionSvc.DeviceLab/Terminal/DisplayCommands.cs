using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>What the device shows; nothing here changes it.</summary>
internal static class DisplayCommands
{
    public static IEnumerable<Command> All =>
    [
        new(Views.All, "display version", Version),
        new(Views.All, "display current-configuration", c => c.Print(Whole(c, c.Device.Running))),
        new(Views.All, "display current-configuration interface <rest>", c => Section(c, c.Device.Running)),
        new(Views.All, "display saved-configuration", c => c.Print(Whole(c, c.Device.Startup))),
        new(Views.All, "display saved-configuration interface <rest>", c => Section(c, c.Device.Startup)),
        new(Views.All, "display this", This),
        new(Views.All, "display interface brief", c => c.Print(InterfaceText.Brief(c.Device))),
        new(Views.All, "display interface <rest>", Interface),
        new(Views.All, "display vlan", c => c.Print(VlanText.All(c.Device))),
        new(Views.All, "display vlan <vlan>", Vlan),
        new(Views.All, "display clock", c => c.Print(c.Device.Clock.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))),
    ];

    private static void Version(CommandContext context)
    {
        var up = context.Device.Clock.GetUtcNow() - context.Device.BootedAt;
        context.Print("Huawei Versatile Routing Platform Software");
        context.Print("VRP (R) software, Version 5.170 (S5720 V200R010C00SPC600)");
        context.Print("Copyright (C) 2000-2016 HUAWEI TECH CO., LTD");
        context.Print($"HUAWEI {context.Device.Model.Name} Routing Switch uptime is {up.Days / 7} week, {up.Days % 7} day, {up.Hours} hour, {up.Minutes} minute");
    }

    private static IEnumerable<string> Whole(CommandContext context, SwitchConfig config) =>
        ConfigText.Whole(context.Device.Name, context.Device.Model, context.Device.Address, config);

    private static void Section(CommandContext context, SwitchConfig config)
    {
        if (InterfaceName.TryFind(context.Device.Model, context.Text(0)) is >= 0 and var slot) PrintSection(context, config, slot);
        else context.WrongParameter(0);
    }

    private static void This(CommandContext context)
    {
        if (context.State.View == Views.Interface)
        {
            PrintSection(context, context.Device.Running, context.State.Slot);
            return;
        }

        context.Print("#");
        if (context.State.View == Views.Vlan) context.Print($"vlan {context.State.Vlan}");
        context.Print("return");
    }

    private static void PrintSection(CommandContext context, SwitchConfig config, int slot)
    {
        context.Print("#");
        context.Print(ConfigText.Interface(context.Device.Model.Interfaces[slot], config.Ports[slot], context.Device.Address));
        context.Print("#");
        context.Print("return");
    }

    private static void Interface(CommandContext context)
    {
        if (InterfaceName.TryFind(context.Device.Model, context.Text(0)) is >= 0 and var slot) context.Print(InterfaceText.Detail(context.Device, slot));
        else context.WrongParameter(0);
    }

    private static void Vlan(CommandContext context)
    {
        if (context.Device.Running.Vlans.Contains(context.Number(0))) context.Print(VlanText.One(context.Device, context.Number(0)));
        else context.Error("The VLAN does not exist.");
    }
}
