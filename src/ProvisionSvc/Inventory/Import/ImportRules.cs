using System.Net;
using Microsoft.Extensions.Options;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Inventory.Import;

/// <summary>What this installation allows in an import: its templates and its management prefixes.</summary>
internal sealed class ImportRules
{
    /// <summary>520,000 ports and 100,000 services are about 40 MB of text.</summary>
    public const long LargestRequest = 256L * 1024 * 1024;

    private readonly IReadOnlyList<IPNetwork> _prefixes;

    public ImportRules(TemplateCatalog templates, IOptions<ProvisionOptions> options)
    {
        Templates = [.. templates.Templates.Select(t => t.Name)];
        _prefixes = [.. options.Value.ManagementPrefixes.Select(p => IPNetwork.TryParse(p, out var network)
            ? network
            : throw new InvalidOperationException($"Provision:ManagementPrefixes: \"{p}\" is not a network such as 10.20.0.0/16."))];
    }

    public IReadOnlyList<string> Templates { get; }

    /// <summary>Why no switch may be at this address, or null.</summary>
    public string? Refuse(IPAddress address) => _prefixes.Any(p => p.Contains(address)) ? null
        : _prefixes.Count == 0 ? $"{address} is outside the management prefixes: none is set; name the switches' network in Provision:ManagementPrefixes."
        : $"{address} is outside the management prefixes ({string.Join(", ", _prefixes)}); correct it, or add its network to Provision:ManagementPrefixes.";
}
