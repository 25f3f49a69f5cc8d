using System.Diagnostics.CodeAnalysis;
using System.Net;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Hosting;

/// <summary>How the switches of one prefix are reached; an item of <c>Provision:Access</c>.</summary>
internal sealed class AccessOptions
{
    private const int SshPort = 22;

    /// <summary>The switches' network, CIDR.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The address of ours that they, or the jump host, are spoken to from.</summary>
    public string? Source { get; set; }

    /// <summary>The host that SSH sessions go through, as an address with or without a port.</summary>
    public string? JumpHost { get; set; }

    /// <summary>Its host key, <c>SHA256:…</c>; another one is refused before anything is said.</summary>
    public string? JumpHostKey { get; set; }

    /// <summary>The name of the credential that it is logged in to with.</summary>
    public string? JumpCredential { get; set; }

    /// <summary>The rules of all items.</summary>
    /// <exception cref="InvalidOperationException">Some are none; all faults of all of them are named.</exception>
    public static IReadOnlyList<AccessRule> Rules(IReadOnlyList<AccessOptions> items)
    {
        var faults = items.SelectMany((item, i) => item.Faults().Select(f => $"Provision:Access:{i}:{f}")).ToList();
        return faults.Count == 0 ? [.. items.Select(i => i.Rule())] : throw new InvalidOperationException(string.Join(" ", faults));
    }

    private AccessRule Rule() => new(
        IPNetwork.Parse(Prefix),
        Source is null ? null : IPAddress.Parse(Source),
        JumpHost is null ? null : new(TryEndPoint(JumpHost, out var host) ? host : throw new InvalidOperationException("The jump host was checked."), JumpHostKey!, JumpCredential!));

    private IEnumerable<string> Faults()
    {
        if (!IPNetwork.TryParse(Prefix, out _))
        {
            yield return $"Prefix is \"{Prefix}\"; write a network like 10.1.0.0/16.";
        }

        if (Source is not null && !IPAddress.TryParse(Source, out _))
        {
            yield return $"Source is \"{Source}\"; write an address of this machine.";
        }

        if (Source is null && JumpHost is null)
        {
            yield return "Source and JumpHost are missing; give one of them, or take the item out.";
        }

        if (JumpHost is not null && !TryEndPoint(JumpHost, out _))
        {
            yield return $"JumpHost is \"{JumpHost}\"; write an address, with its port where that is not 22.";
        }

        if (JumpHost is not null && JumpHostKey?.StartsWith("SHA256:", StringComparison.Ordinal) != true)
        {
            yield return $"JumpHostKey is \"{JumpHostKey}\"; write the host's key as ssh-keygen -lf shows it: SHA256:… Without it the host is not trusted.";
        }

        if (JumpHost is not null && string.IsNullOrWhiteSpace(JumpCredential))
        {
            yield return "JumpCredential is missing; name the credential for the jump host.";
        }

        if (JumpHost is null && (JumpHostKey is not null || JumpCredential is not null))
        {
            yield return "JumpHostKey and JumpCredential are of no use without JumpHost.";
        }
    }

    private static bool TryEndPoint(string text, [NotNullWhen(true)] out IPEndPoint? host)
    {
        if (!IPEndPoint.TryParse(text, out host))
        {
            return false;
        }

        host = host.Port == 0 ? new(host.Address, SshPort) : host;
        return true;
    }
}
