using System.ComponentModel.DataAnnotations;

namespace ProvisionSvc.Hosting;

/// <summary>Settings of the whole process; section <c>Provision</c>.</summary>
internal sealed class ProvisionOptions
{
    /// <summary>Where the private database, keys and the first token live. Default: /var/lib/provisionsvc for root, else ~/.local/state/provisionsvc.</summary>
    public string StateDirectory { get; set; } = DefaultStateDirectory();

    /// <summary>The folder of device templates.</summary>
    public string TemplatesDirectory { get; set; } = DefaultTemplatesDirectory();

    /// <summary>The only networks in which switches are contacted, as CIDR. Empty: no switch is contacted.</summary>
    public IReadOnlyList<string> ManagementPrefixes { get; set; } = [];

    /// <summary>How the switches of single networks are reached: from which address of ours, through which jump host. Elsewhere they are simply connected to.</summary>
    public IReadOnlyList<AccessOptions> Access { get; set; } = [];

    /// <summary><c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    [RegularExpression("all|api|worker", ErrorMessage = "Provision:Role is all, api or worker.")]
    public string Role { get; set; } = "all";

    /// <summary>The file with the key that credentials are sealed with; default: credentials.key in the state directory.</summary>
    public string? CredentialKeyFile { get; set; }

    /// <summary>The key of before, while the key is changed: it opens, and never seals.</summary>
    public string? OldCredentialKeyFile { get; set; }

    /// <summary>Whether switches may be managed with templates that call themselves drafts.</summary>
    public bool AllowDraftTemplates { get; set; }

    /// <summary>A port behind which more MAC addresses are known counts as an uplink and is not written; 0: they are not counted.</summary>
    [Range(0, 100_000, ErrorMessage = "Provision:UplinkMacs is 0 to 100000.")]
    public int UplinkMacs { get; set; } = 64;

    /// <summary>Whether a port whose LLDP neighbour is a switch counts as an uplink and is not written.</summary>
    public bool RefuseSwitchNeighbours { get; set; } = true;

    public bool RunsApi => Role is "all" or "api";

    public bool RunsWorker => Role is "all" or "worker";

    private static string DefaultStateDirectory() => Environment.IsPrivilegedProcess
        ? "/var/lib/provisionsvc"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state", "provisionsvc");

    /// <summary>Beside the program when published; upwards from it in a checkout.</summary>
    private static string DefaultTemplatesDirectory()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "device-templates");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return Path.Combine(AppContext.BaseDirectory, "device-templates");
    }
}
