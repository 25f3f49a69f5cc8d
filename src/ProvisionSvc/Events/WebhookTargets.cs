using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ProvisionSvc.Events;

/// <summary>
/// Where webhooks may be (T11): the settings name the beginnings of their URLs; the address that the name resolves to is looked at when the connection is
/// made, so that a name cannot move inside. No redirects, no proxy.
/// </summary>
internal sealed class WebhookTargets : IDisposable
{
    private static readonly IPNetwork[] Private =
    [
        .. ((string[])["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "::/128", "::1/128", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8"]).Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork[] Never = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    private readonly IReadOnlyList<Uri> _prefixes;
    private readonly IReadOnlyList<IPNetwork> _networks;

    public WebhookTargets(IOptions<EventOptions> options)
    {
        var settings = options.Value;
        _prefixes = [.. settings.WebhookPrefixes.Select(p => Uri.TryCreate(p, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 ? uri
            : throw new InvalidOperationException($"Events:WebhookPrefixes: \"{p}\" is no beginning of a URL like https://crm.example.net/hooks/."))];
        _networks = [.. settings.WebhookNetworks.Select(n => IPNetwork.TryParse(n, out var network) ? network
            : throw new InvalidOperationException($"Events:WebhookNetworks: \"{n}\" is no network like 10.1.0.0/16."))];
        Client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 8, PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectTimeout = settings.WebhookTimeout, ConnectCallback = ConnectAsync,
        })
        { Timeout = settings.WebhookTimeout };
    }

    public HttpClient Client { get; }

    /// <summary>Null where the URL is allowed; else the sentence that says why not.</summary>
    public string? WhyNot(string url) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 ? $"\"{url}\" is not a URL without user and password."
        : _prefixes.Any(p => Begins(uri, p)) ? null
        : _prefixes.Count == 0 ? "Events:WebhookPrefixes names no URL, so there are no webhooks; name the receiver's there and restart the service."
        : $"\"{url}\" does not begin with one of Events:WebhookPrefixes ({string.Join(", ", _prefixes)}).";

    public void Dispose() => Client.Dispose();

    /// <summary>Compared as the parts that count, after "..", escapes and casing are resolved: not as text.</summary>
    private static bool Begins(Uri uri, Uri prefix) =>
        (uri.Scheme, uri.IdnHost, uri.Port) == (prefix.Scheme, prefix.IdnHost, prefix.Port)
        && (uri.AbsolutePath == prefix.AbsolutePath || uri.AbsolutePath.StartsWith(prefix.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal));

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses.Select(a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4() : a).Where(IsAllowed).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                $"{context.DnsEndPoint.Host} is at {string.Join(", ", addresses.Select(a => a.ToString()))}, a private address outside of Events:WebhookNetworks; nothing was sent.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal bool IsAllowed(IPAddress address) =>
        !Never.Any(n => n.Contains(address)) && (!Private.Any(n => n.Contains(address)) || _networks.Any(n => n.Contains(address)));
}
