namespace ProvisionSvc.Contracts;

/// <summary>What a switch is logged in with and asked with. Write-only: no answer ever shows it again.</summary>
public sealed record SetCredentialRequest
{
    public required string User { get; init; }

    public string? Password { get; init; }

    /// <summary>An OpenSSH or PEM private key, used in place of the password.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>What the private key is encrypted with.</summary>
    public string? PrivateKeyPassphrase { get; init; }

    public string? EnableSecret { get; init; }

    /// <summary>v2c: the community that may read. Needed without <see cref="SnmpV3"/>.</summary>
    public string? SnmpReadCommunity { get; init; }

    public string? SnmpWriteCommunity { get; init; }

    /// <summary>v3 in place of communities.</summary>
    public SnmpV3Request? SnmpV3 { get; init; }

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"credential of {User}";
}

/// <summary>As whom agents are asked in SNMPv3 (RFC 3414).</summary>
public sealed record SnmpV3Request
{
    public required SnmpUserRequest Reader { get; init; }

    /// <summary>Who writes; the reader where it is left out.</summary>
    public SnmpUserRequest? Writer { get; init; }

    /// <summary>The context (RFC 3411 §3.3.1); mostly empty.</summary>
    public string? Context { get; init; }
}

/// <summary>A user of SNMPv3's User-based Security Model: always authenticated, and hidden where privProtocol is given.</summary>
public sealed record SnmpUserRequest
{
    public required string User { get; init; }

    /// <summary>md5, sha1, sha224, sha256, sha384 or sha512.</summary>
    public required string AuthProtocol { get; init; }

    /// <summary>At least 8 octets (RFC 3414 §11.2).</summary>
    public required string AuthPassword { get; init; }

    /// <summary>des, aes128, aes192, aes256, aes192c or aes256c (those in c as Cisco's agents extend keys).</summary>
    public string? PrivProtocol { get; init; }

    /// <summary>At least 8 octets (RFC 3414 §11.2).</summary>
    public string? PrivPassword { get; init; }

    /// <summary>Without passwords.</summary>
    public override string ToString() => $"{User} ({AuthProtocol}, {PrivProtocol ?? "no privacy"})";
}

/// <summary>A credential without its secrets.</summary>
/// <param name="User">Who logs in by the generation in use.</param>
/// <param name="Generation">The one in use; a later one in <paramref name="Generations"/> is being proven.</param>
/// <param name="Switches">How many switches refer to it.</param>
/// <param name="NotReached">How many of them no generation has reached yet.</param>
public sealed record CredentialView(
    string Name, string User, int Generation, DateTimeOffset UpdatedAt, int Switches, int NotReached, IReadOnlyList<CredentialGenerationView> Generations);

/// <summary>A generation of a credential.</summary>
/// <param name="State">current, or next: set, and not yet proven on every switch.</param>
/// <param name="Snmp">v2c or v3.</param>
/// <param name="Switches">How many switches were last reached by it; by the older one where their terminal and agent differ.</param>
/// <param name="RefusedBy">Switches that refused it; it is not tried there again until it is set anew or unlocked.</param>
/// <param name="BlockedAt">Since when it is tried on no further switch, because several have refused it.</param>
public sealed record CredentialGenerationView(
    int Generation, string State, string User, string Snmp, DateTimeOffset SetAt, int Switches, IReadOnlyList<string> RefusedBy, DateTimeOffset? BlockedAt);

/// <summary>Why a credential may be tried again where it was refused.</summary>
public sealed record UnlockCredentialRequest(string Why);

/// <summary>Ends the use of the older generation.</summary>
public sealed record RetireCredentialRequest
{
    /// <summary>Also when the newer one has not been proven on every switch.</summary>
    public bool EvenUnproven { get; init; }
}

/// <summary>What a new login by the newest generation showed, switch by switch.</summary>
/// <param name="Proven">Switches that took it now, or had taken it before.</param>
public sealed record CredentialProofView(int Generation, int Proven, IReadOnlyList<UnprovenSwitchView> Unproven, CredentialView Credential);

/// <summary>A switch that did not take the newest generation, and its words.</summary>
public sealed record UnprovenSwitchView(string Switch, string Problem);

/// <summary>How many sealed generations were sealed anew with the present key, were sealed with it before, or cannot be opened.</summary>
public sealed record ResealedView(int Resealed, int Already, IReadOnlyList<string> Unreadable);
