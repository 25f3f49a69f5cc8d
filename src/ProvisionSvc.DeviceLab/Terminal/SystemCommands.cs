using System.Globalization;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Terminal;

/// <summary>Moving between views, VLANs, saving, and the session's own settings.</summary>
internal static class SystemCommands
{
    public static IEnumerable<Command> All =>
    [
        new(Views.User, "system-view", EnterSystemView),
        new(Views.Configuration, "return", c => c.State.View = Views.User),
        new(Views.All, "quit", Quit),
        new(Views.User, "screen-length <number> temporary", c =>
        {
            c.State.PageLength = c.Number(0);
            c.Print("Info: The configuration takes effect on the current user terminal interface only.");
        }),
        new(Views.User, "terminal monitor", c => SetMonitor(c, on: true)),
        new(Views.User, "undo terminal monitor", c => SetMonitor(c, on: false)),
        new(Views.User, "save", AskToSave) { Writes = true },
        new(Views.Configuration, "vlan <vlan>", EnterVlan) { Writes = true },
        new(Views.Configuration, "vlan batch <rest>", c => ChangeVlans(c, (all, some) => all.Union(some))) { Writes = true },
        new(Views.Configuration, "undo vlan <vlan>", RemoveVlan) { Writes = true },
        new(Views.Configuration, "undo vlan batch <rest>", c => ChangeVlans(c, (all, some) => all.Except(some.Where(v => v != 1)))) { Writes = true },
        new(Views.Configuration, "interface <rest>", EnterInterface),
    ];

    private static void EnterSystemView(CommandContext context)
    {
        context.State.View = Views.System;
        context.Print("Enter system view, return user view with Ctrl+Z.");
    }

    private static void Quit(CommandContext context)
    {
        if (context.State.View == Views.User) context.State.IsOver = true;
        else context.State.View = context.State.View == Views.System ? Views.User : Views.System;
    }

    private static void SetMonitor(CommandContext context, bool on)
    {
        context.State.MonitorsLogs = on;
        context.Print($"Info: Current terminal monitor is {(on ? "on" : "off")}.");
    }

    private static void AskToSave(CommandContext context) => context.State.Asking = new Question(
        "The current configuration will be written to the device.\r\nAre you sure to continue?[Y/N]",
        (answer, text) =>
        {
            if (text.Trim() is not ("y" or "Y" or "n" or "N")) return false;
            if (text.Trim() is "n" or "N") return true;
            answer.Print("Now saving the current configuration to the slot 0.");
            answer.Print(".");
            if (answer.Device.Faults.SaveError is { } failure)
            {
                answer.Error(failure);
                return true;
            }

            answer.Save();
            answer.Print("Save the configuration successfully.");
            return true;
        });

    private static void EnterVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (!context.Device.Running.Vlans.Contains(vlan)) context.WriteVlans(all => all.Add(vlan));
        (context.State.View, context.State.Vlan) = (Views.Vlan, vlan);
    }

    private static void RemoveVlan(CommandContext context)
    {
        var vlan = context.Number(0);
        if (vlan == 1) context.Error("The default VLAN can not be deleted.");
        else if (!context.Device.Running.Vlans.Contains(vlan)) context.Error("The VLAN does not exist.");
        else context.WriteVlans(all => all.Remove(vlan));
        if (context.State.View == Views.Vlan && context.State.Vlan == vlan) context.State.View = Views.System;
    }

    private static void ChangeVlans(
        CommandContext context,
        Func<System.Collections.Immutable.ImmutableSortedSet<int>, IEnumerable<int>, System.Collections.Immutable.ImmutableSortedSet<int>> change)
    {
        if (ParseList(context.Text(0)) is { } list) context.WriteVlans(all => change(all, list));
        else context.WrongParameter(0);
    }

    /// <summary>"10", "10 20 to 25 30"; null when it is not such a list.</summary>
    private static List<int>? ParseList(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var list = new List<int>();
        for (var i = 0; i < words.Length; i++)
        {
            if (!IsVlan(words[i], out var first)) return null;
            var last = first;
            if (i + 1 < words.Length && words[i + 1].Equals("to", StringComparison.OrdinalIgnoreCase))
            {
                if (i + 2 >= words.Length || !IsVlan(words[i + 2], out last) || last < first) return null;
                i += 2;
            }

            list.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return list;
    }

    private static bool IsVlan(string word, out int vlan) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out vlan) && vlan is >= 1 and <= 4094;

    private static void EnterInterface(CommandContext context)
    {
        if (InterfaceName.TryFind(context.Device.Model, context.Text(0)) is not (>= 0 and var slot))
        {
            context.WrongParameter(0);
            return;
        }

        (context.State.View, context.State.Slot) = (Views.Interface, slot);
        context.State.SlotName = context.Device.Model.Interfaces[slot].Name;
    }
}

/// <summary>Interface names as a person types them: any case, the family shortened, a blank before the number.</summary>
internal static class InterfaceName
{
    public static int TryFind(HardwareModel model, string typed)
    {
        var text = typed.Replace(" ", "", StringComparison.Ordinal);
        var split = text.AsSpan().IndexOfAnyInRange('0', '9');
        var family = split < 0 ? text : text[..split];
        if (family.Length == 0) return -1;
        var number = split < 0 ? "" : text[split..];
        var families = model.Interfaces.Select(i => Family(i.Name)).Distinct(StringComparer.Ordinal)
            .Where(f => f.StartsWith(family, StringComparison.OrdinalIgnoreCase)).ToList();
        return families.Count == 1 ? model.IndexOf(families[0] + number) : -1;
    }

    private static string Family(string name) => name[..name.AsSpan().IndexOfAnyInRange('0', '9')];
}
