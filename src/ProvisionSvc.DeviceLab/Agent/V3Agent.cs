using System.Net;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.DeviceLab.Agent;

/// <summary>An SNMPv3 user of a simulated switch.</summary>
public sealed record LabUser(UsmUser User, bool MayWrite);

/// <summary>One switch's SNMPv3 engine (RFC 3414): its id comes from its address, its boots rise with the lab's start and each restart of the switch.</summary>
internal sealed class V3Agent(IPAddress address, TimeProvider clock) : IDisposable
{
    private const uint Enterprise = 8072; // Net-SNMP's, which everybody may use
    private static readonly DateTimeOffset FirstBoot = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly int _firstBoots = (int)((clock.GetUtcNow() - FirstBoot).TotalSeconds / 10);
    private IReadOnlyList<LabUser> _users = [];
    private byte[] _engineId = UsmAuthority.MakeEngineId(Enterprise, address.GetAddressBytes());
    private UsmAuthority? _authority;
    private int _bootsBack;
    private int _life = -1;

    /// <summary>How often somebody was told that this engine does not know its user, or has other keys.</summary>
    public int Refusals { get; private set; }

    public void SetUsers(IReadOnlyList<LabUser> users)
    {
        lock (_lock)
        {
            (_users, _authority) = (users, null);
        }
    }

    /// <summary>Replaced hardware: another engine id; or the same with fewer boots than before.</summary>
    public void Replace(ReadOnlySpan<byte> engineId, int bootsBack)
    {
        lock (_lock)
        {
            (_engineId, _bootsBack, _authority) = (engineId.IsEmpty ? _engineId : engineId.ToArray(), bootsBack, null);
        }
    }

    /// <summary>Answers through <paramref name="respond"/>. How many octets at the beginning of <paramref name="output"/> go back; 0: silence.</summary>
    public int Answer(ReadOnlySpan<byte> datagram, int life, Span<byte> output, Func<SnmpPdu, bool, SnmpPdu?> respond)
    {
        var authority = Authority(life);
        Span<byte> room = new byte[output.Length];
        if (authority.TryOpen(datagram.ToArray(), room, out var request, out var size))
        {
            var mayWrite = _users.Any(u => u.MayWrite && u.User.Name == request.User?.Name);
            size = respond(request.Pdu, mayWrite) is { } answer ? authority.Seal(request, answer, room) : 0;
        }
        else if (size > 0 && IsRefusal(room[^size..]))
        {
            Refusals++;
        }

        room[^size..].CopyTo(output);
        return size;
    }

    public void Dispose() => _authority?.Dispose();

    private UsmAuthority Authority(int life)
    {
        lock (_lock)
        {
            if (_authority is null || _life != life)
            {
                _life = life;
                _authority = new UsmAuthority(_engineId, _firstBoots + life - _bootsBack, _users.Select(u => u.User), clock);
            }

            return _authority;
        }
    }

    /// <summary>usmStatsUnknownUserNames or usmStatsWrongDigests, in a Report that anybody can read.</summary>
    private static bool IsRefusal(ReadOnlySpan<byte> report) =>
        report.IndexOf(UnknownUserNames) >= 0 || report.IndexOf(WrongDigests) >= 0;

    // 1.3.6.1.6.3.15.1.1.3.0 and .5.0 in BER
    private static ReadOnlySpan<byte> UnknownUserNames => [0x2B, 6, 1, 6, 3, 15, 1, 1, 3, 0];

    private static ReadOnlySpan<byte> WrongDigests => [0x2B, 6, 1, 6, 3, 15, 1, 1, 5, 0];
}
