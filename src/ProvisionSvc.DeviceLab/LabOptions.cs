using System.ComponentModel.DataAnnotations;
using System.Net;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.DeviceLab.Families;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab;

/// <summary>How large a lab is, where it stands and how it behaves when nothing is ordered.</summary>
public sealed record LabOptions
{
    /// <summary>Keys, the write log, saved configurations and the control socket. Made when it does not exist.</summary>
    public required string StateDirectory { get; init; }

    [Range(1, 16000)]
    public int Switches { get; init; } = 40;

    [Range(1, 1000)]
    public int Nodes { get; init; } = 3;

    [Range(1, 16000)]
    public int Buildings { get; init; } = 20;

    public int Seed { get; init; } = 1;

    /// <summary>The first switch stands at the next address; 250 to a /24. Within 127.0.0.0/8.</summary>
    public IPAddress Base { get; init; } = new([127, 1, 0, 0]);

    /// <summary>One UDP port at every address; 0: one that is free at all of them.</summary>
    [Range(0, 65535)]
    public int SnmpPort { get; init; }

    /// <summary>One TCP port at every address; 0: one that is free at all of them.</summary>
    [Range(0, 65535)]
    public int SshPort { get; init; }

    /// <summary>Without sshd the terminals are reached by <see cref="LabHost.OpenTerminal"/> only.</summary>
    public bool Ssh { get; init; } = true;

    /// <summary>sshd speaks only what old switches do: group1-sha1, ssh-rsa with 1024 bits, CBC, hmac-sha1.</summary>
    public bool LegacySsh { get; init; }

    /// <summary>Where to write the inventory as CSV; null: nowhere.</summary>
    public string? InventoryDirectory { get; init; }

    /// <summary>Begin as drawn from the seed, forgetting configurations saved in an earlier run with this state folder.</summary>
    public bool Fresh { get; init; }

    /// <summary>The families that are dealt over the city in turn.</summary>
    public IReadOnlyList<string> Families { get; init; } = ["huawei-vrp5"];

    /// <summary>What <c>enable</c> asks for; empty: it asks nothing.</summary>
    public string EnableSecret { get; init; } = "lab-enable";

    public string ReadCommunity { get; init; } = "lab-read";

    public string WriteCommunity { get; init; } = "lab-write";

    /// <summary>The password of all <see cref="Users"/>, for both purposes.</summary>
    public string V3Password { get; init; } = "lab-v3-secret";

    /// <summary>Who may ask in SNMPv3, beside the communities: one who reads and one who writes.</summary>
    public IReadOnlyList<LabUser> Users => [.. new[] { ("lab-reader", false), ("lab-writer", true) }.Select(u => new LabUser(
        new UsmUser(u.Item1, AuthProtocol.HmacSha256, V3Password, PrivProtocol.Aes128, V3Password), u.Item2))];

    /// <summary>The longest SNMP answer in octets.</summary>
    [Range(484, 65507)]
    public int MaxSnmpMessage { get; init; } = 1472;

    /// <summary>How long oper status lags behind admin status.</summary>
    public TimeSpan OperLag { get; init; } = TimeSpan.FromSeconds(1);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Refuses what cannot be, naming every fault.</summary>
    internal void Validate()
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), faults, validateAllProperties: true);
        if (Base.GetAddressBytes() is not [127, _, _, 0]) faults.Add(new ValidationResult($"Base is {Base}; it must be 127.x.y.0."));
        if (Families.Count == 0) faults.Add(new ValidationResult("Families is empty; name one at least."));
        faults.AddRange(Families.Where(f => KnownFamilies.All.All(known => known.Name != f))
            .Select(f => new ValidationResult($"There is no family {f}; there are {string.Join(", ", KnownFamilies.All.Select(known => known.Name))}.")));
        if (faults.Count > 0) throw new LabException(string.Join(' ', faults.Select(f => f.ErrorMessage)));
    }
}
