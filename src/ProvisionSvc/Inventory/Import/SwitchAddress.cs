using System.Net;
using System.Net.Sockets;

namespace ProvisionSvc.Inventory.Import;

/// <summary>
/// A switch's address as it has to be written: the usual form and no other. Short, decimal, octal, hexadecimal and IPv4-mapped forms, zones and names are
/// refused, because they say something else to a reader than to a socket (T11).
/// </summary>
internal static class SwitchAddress
{
    /// <returns>The address, or why it is none.</returns>
    public static (IPAddress? Address, string Why) Parse(string text)
    {
        if (!IPAddress.TryParse(text, out var address))
        {
            return (null, "is not an IP address.");
        }

        return address.AddressFamily switch
        {
            AddressFamily.InterNetwork when address.ToString() != text => (null, "is not the usual form of an IPv4 address; write four decimal numbers without leading zeros."),
            AddressFamily.InterNetworkV6 when !text.All(c => char.IsAsciiHexDigit(c) || c == ':') => (null, "is not the usual form of an IPv6 address; write it without zone, brackets or IPv4 part."),
            AddressFamily.InterNetworkV6 when address.IsIPv4MappedToIPv6 => (null, "is an IPv4 address in IPv6 clothes; write it as IPv4."),
            _ when Reserved(address) is { } kind => (null, $"is {kind}; no switch is contacted there."),
            _ => (address, ""),
        };
    }

    private static string? Reserved(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return address switch
        {
            { AddressFamily: AddressFamily.InterNetwork } when bytes[0] == 0 => "not an address of a host",
            { AddressFamily: AddressFamily.InterNetwork } when bytes is [169, 254, ..] => "link-local",
            { AddressFamily: AddressFamily.InterNetwork } when bytes[0] >= 224 => "multicast, reserved or broadcast",
            { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true } => "link-local",
            { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6SiteLocal: true } => "site-local",
            { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6Multicast: true } => "multicast",
            { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6Teredo: true } => "a tunnel address",
            _ when address.Equals(IPAddress.IPv6Any) => "not an address of a host",
            _ => null,
        };
    }
}
