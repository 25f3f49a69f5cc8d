using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Benchmarks;

/// <summary>Agents of 52 ports on 127.1.0.1, 127.1.0.2 … that speak v3, each with an engine of its own; the user is the one of the C peer.</summary>
internal static class SnmpAgentsV3
{
    private const uint FirstAgent = 0x7F010001;
    private const int MaxMessage = 1_472;
    private static readonly Oid[] Columns = [IfMib.IfAdminStatus, IfMib.IfOperStatus, IfMib.IfHCInOctets, IfMib.IfHCOutOctets, IfMib.IfAlias];

    /// <summary>User and passwords that nsasync has built in.</summary>
    public static UsmUser User { get; } = new("perf", AuthProtocol.HmacSha256, "perfauth1", PrivProtocol.Aes128, "perfpriv1");

    public static async Task<int> RunAsync(Options options, CancellationToken ct)
    {
        var keys = new KeyMaker();
        VarBind[] all = [.. Columns.SelectMany(column => Enumerable.Range(1, 52).Select(port => new VarBind(column.Append((uint)port), ValueOf(column, port)))).Append(End)];
        var loops = new List<Task>();
        for (var i = 0; i < options.Int("agents", 1_000); i++)
        {
            var address = new IPEndPoint(IPAddress.HostToNetworkOrder((int)(FirstAgent + (uint)i)) & 0xFFFFFFFFL, options.Int("port", 1162));
            var engineId = UsmAuthority.MakeEngineId(8_072, address.Address.GetAddressBytes());
            loops.Add(ServeAsync(address, new UsmAuthority(engineId, 1, [User], keys, TimeProvider.System), all, ct));
        }

        Console.WriteLine($"agents={loops.Count} ready=1");
        await Task.WhenAll(loops);
        return 0;
    }

    private static VarBind End => new(Oid.Parse("1.3.6.1.2.1.31.1.1.1.19.1"), SnmpValue.TimeTicks(0));

    private static SnmpValue ValueOf(Oid column, int port) =>
        column == IfMib.IfAlias ? SnmpValue.OctetString("cust-000001-" + port.ToString("00", CultureInfo.InvariantCulture) + " apt 101")
        : column == IfMib.IfHCInOctets || column == IfMib.IfHCOutOctets ? SnmpValue.Counter64((1UL << 41) + (ulong)port)
        : SnmpValue.Integer32(1);

    private static async Task ServeAsync(IPEndPoint address, UsmAuthority authority, VarBind[] all, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(address);
        var (input, output) = (new byte[2_048], new byte[2_048]);
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(input, SocketFlags.None, from, ct);
                if (authority.TryOpen(input.AsSpan(0, length), output, out var request, out var size))
                {
                    size = authority.Seal(request, new SnmpPdu(PduType.Response, request.Pdu.RequestId, Bulk(all, request.Pdu)), output);
                }

                socket.SendTo(output.AsSpan(output.Length - size), SocketFlags.None, from);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static List<VarBind> Bulk(VarBind[] all, SnmpPdu request)
    {
        var found = new List<VarBind>();
        var cursors = request.VarBinds.Select(asked => First(all, asked.Oid)).ToArray();
        for (var (row, room) = (0, MaxMessage - 150); row < Math.Max(1, request.MaxRepetitions); row++)
        {
            foreach (ref var cursor in cursors.AsSpan())
            {
                var next = cursor < all.Length ? all[cursor++] : End with { Value = SnmpValue.EndOfMibView };
                room -= 20 + next.Value.Octets.Length + (next.Value.Type == SnmpType.Counter64 ? 8 : 2);
                if (room < 0)
                {
                    return found;
                }

                found.Add(next);
            }
        }

        return found;
    }

    /// <summary>The position of the first variable behind the OID.</summary>
    private static int First(VarBind[] all, Oid oid)
    {
        var (low, high) = (0, all.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = all[middle].Oid > oid ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
