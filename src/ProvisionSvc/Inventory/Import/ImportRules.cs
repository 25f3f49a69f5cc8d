using System.Net;
using Microsoft.Extensions.Options;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory.Import;

/// <summary>What this installation allows in an import: its templates and its management prefixes.</summary>
internal sealed class ImportRules(TemplateCatalog templates, SwitchAccess access, IOptions<ProvisionOptions> options)
{
    /// <summary>520,000 ports and 100,000 services are about 40 MB of text.</summary>
    public const long LargestRequest = 256L * 1024 * 1024;

    public IReadOnlyList<string> Templates { get; } = [.. templates.Templates.Select(t => t.Name)];

    /// <summary>Why no switch may be at this address, or null.</summary>
    public string? Refuse(IPAddress address)
    {
        var prefixes = options.Value.ManagementPrefixes;
        return access.IsManaged(address) ? null
            : prefixes.Count == 0 ? $"{address} is outside the management prefixes: none is set; name the switches' network in Provision:ManagementPrefixes."
            : $"{address} is outside the management prefixes ({string.Join(", ", prefixes)}); correct it, or add its network to Provision:ManagementPrefixes.";
    }
}
