using System.Security.Cryptography;
using System.Text;
using ProvisionSvc.Credentials;

namespace ProvisionSvc.Events;

/// <summary>The secret that a webhook's messages are signed with: sealed in the database like a credential, opened to sign, shown to nobody.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>Null where the text can be a secret; else the sentence that says why not.</summary>
    public static string? WhyNot(string text) => text switch
    {
        _ when text.StartsWith(Prefix, StringComparison.Ordinal) => Convert.TryFromBase64String(text[Prefix.Length..], new byte[text.Length], out var length) && length >= 16
            ? null
            : "A secret that begins with whsec_ goes on with base64 of 16 bytes or more.",
        { Length: < 16 or > 255 } => "A secret has 16 to 255 characters.",
        _ when text.Any(char.IsControl) => "A secret has no control characters.",
        _ => null,
    };

    public static byte[] Seal(CredentialKeys keys, string name, int generation, string text) => keys.Seal(SealedAs(name), generation, Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// The headers of Standard Webhooks: an id that stays the same when the event is told again, the time of this attempt, and HMAC-SHA256 over both and the body.
    /// </summary>
    /// <exception cref="CryptographicException">It was sealed with another key.</exception>
    public static (string Id, string Timestamp, string Signature) Sign(CredentialKeys keys, string name, int generation, byte[] box, long sequence, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var text = keys.TryOpen(SealedAs(name), generation, box) is var (plain, _)
            ? Encoding.UTF8.GetString(plain)
            : throw new CryptographicException("sealed with another key");
        var secret = text.StartsWith(Prefix, StringComparison.Ordinal) ? Convert.FromBase64String(text[Prefix.Length..]) : Encoding.UTF8.GetBytes(text);
        var (id, timestamp) = ($"{sequence}", $"{now.ToUnixTimeSeconds()}");
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        mac.AppendData(body);
        return (id, timestamp, $"v1,{Convert.ToBase64String(mac.GetHashAndReset())}");
    }

    /// <summary>No credential is called so: their names have no stroke.</summary>
    private static string SealedAs(string name) => $"webhook/{name}";
}
