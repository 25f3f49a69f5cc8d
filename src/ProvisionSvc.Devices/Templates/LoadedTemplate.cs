using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Terminal;

namespace ProvisionSvc.Devices.Templates;

/// <summary>One folder of device-templates, read and checked: what Core plans with, and what a session needs to speak to the family. Without a dialect the family has no command line that we use.</summary>
public sealed record LoadedTemplate(DeviceTemplate Template, TerminalDialect? Dialect)
{
    /// <summary>What the save asks, and what is answered.</summary>
    public IReadOnlyList<Dialogue> SaveDialogues { get; init; } = [];

    /// <summary>How the whole running configuration is shown and cleaned; null where the family cannot.</summary>
    public ArchiveTemplate? Archive { get; init; }

    public string Name => Template.Name;

    /// <summary>The command of a read, for this port. Reading types the port's name too, before any plan has looked at it (T7).</summary>
    /// <exception cref="DeviceException">The name is none that this template may type.</exception>
    public string ReadCommand(string read, string ifName) => Printable.Is(ifName) && Template.PortPattern.IsMatch(ifName)
        ? Template.Reads[read].Replace("{port}", Template.Typed(ifName), StringComparison.Ordinal)
        : throw new DeviceException(
            DeviceFault.Rejected,
            $"\"{Printable.Of(ifName)}\" is not a port name that template {Name} may type; nothing was sent. Its pattern is {Template.PortPattern}.");

    /// <summary>The reads that the template's fields and guards need, each once.</summary>
    public IReadOnlyList<string> NeededReads => [.. Template.Fields.Values.Select(f => f.Read?.Command)
        .Concat(Template.Guards.Select(g => g.Command)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
}
