using Renci.SshNet;

namespace ProvisionSvc.Devices.Terminal.Ssh;

/// <summary>
/// What we offer, best first. curve25519 leads: the post-quantum exchanges that the library offers first cost five times the processor time
/// (docs/benchmarks.md), and what passes here is of no worth in ten years. Everything else is offered only to a family that names it.
/// </summary>
internal static class SshAlgorithms
{
    private static readonly string[] KeyExchanges =
    [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
        "diffie-hellman-group14-sha256", "diffie-hellman-group16-sha512", "diffie-hellman-group-exchange-sha256", "diffie-hellman-group18-sha512",
        "mlkem768x25519-sha256", "sntrup761x25519-sha512", "sntrup761x25519-sha512@openssh.com",
    ];

    private static readonly string[] HostKeys =
        ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];

    private static readonly string[] Ciphers =
    [
        "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr", "chacha20-poly1305@openssh.com",
    ];

    private static readonly string[] Macs =
        ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"];

    public static void Offer(ConnectionInfo connection, IReadOnlyList<string> legacy)
    {
        var known = connection.KeyExchangeAlgorithms.Keys.Concat(connection.HostKeyAlgorithms.Keys)
            .Concat(connection.Encryptions.Keys).Concat(connection.HmacAlgorithms.Keys).ToHashSet(StringComparer.Ordinal);
        if (legacy.Where(name => !known.Contains(name)).ToList() is { Count: > 0 } unknown)
        {
            throw new ArgumentException($"Unknown SSH algorithms in the dialect: {string.Join(", ", unknown)}.", nameof(legacy));
        }

        Keep(connection.KeyExchangeAlgorithms, [.. KeyExchanges, .. legacy]);
        Keep(connection.HostKeyAlgorithms, [.. HostKeys, .. legacy]);
        Keep(connection.Encryptions, [.. Ciphers, .. legacy]);
        Keep(connection.HmacAlgorithms, [.. Macs, .. legacy]);
        Keep(connection.CompressionAlgorithms, ["none"]);
    }

    /// <summary>For reading a host key only: nothing is said over this connection. The same order as for a login, so that the same key is shown.</summary>
    public static void OfferEverything(ConnectionInfo connection) =>
        Offer(connection, [
            .. connection.KeyExchangeAlgorithms.Keys, .. connection.HostKeyAlgorithms.Keys.Where(name => !name.Contains("-cert-", StringComparison.Ordinal)),
            .. connection.Encryptions.Keys, .. connection.HmacAlgorithms.Keys,
        ]);

    private static void Keep<T>(IDictionary<string, T> offered, IReadOnlyList<string> wanted)
    {
        var all = offered.ToDictionary(StringComparer.Ordinal);
        offered.Clear();
        foreach (var name in wanted.Where(all.ContainsKey))
        {
            offered.TryAdd(name, all[name]);
        }
    }
}
