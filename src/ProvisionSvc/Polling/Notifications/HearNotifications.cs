using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Polling.Notifications;

/// <summary>
/// Hears the switches' traps and informs and reads a switch that says something happened, ahead of the next sweep. A notification changes nothing by itself:
/// anybody can send one (T3). Those from outside the inventory are counted and dropped.
/// </summary>
internal sealed partial class HearNotifications(
    NpgsqlDataSource dataSource, SweepSwitches sweep, TimeProvider clock, IOptions<NotificationOptions> options,
    ILogger<HearNotifications> logger, ILogger<SnmpNotificationReceiver> receiverLogger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly Oid SnmpTraps = new(1, 3, 6, 1, 6, 3, 1, 1, 5);

    private readonly HintedSwitches _hinted = new(options.Value, clock);
    private volatile FrozenDictionary<IPAddress, long[]> _switches = FrozenDictionary<IPAddress, long[]>.Empty;
    private SnmpNotificationReceiver? _receiver;

    /// <summary>Where it listens; null where the settings name no address.</summary>
    public IPEndPoint? EndPoint => _receiver?.EndPoint;

    public SnmpNotificationStatistics Statistics => _receiver?.Statistics ?? default;

    /// <exception cref="InvalidOperationException">The address cannot be listened on; the message names it and the remedy.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.EndPoint is not { } endPoint)
        {
            return Task.CompletedTask;
        }

        try
        {
            _receiver = new SnmpNotificationReceiver(
                new SnmpNotificationOptions { EndPoint = endPoint, IsKnown = address => _switches.ContainsKey(address) }, clock, receiverLogger);
        }
        catch (SocketException refused)
        {
            throw new InvalidOperationException(
                $"Notifications:Listen: {endPoint} cannot be listened on: {refused.Message}. Free the port, choose another, or grant CAP_NET_BIND_SERVICE for ports below 1024.", refused);
        }

        Log.Listening(logger, _receiver.EndPoint);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var receiver = _receiver!;
        await Task.WhenAll(KnowAsync(stoppingToken), HearAsync(receiver, stoppingToken), ReadAsync(stoppingToken));
    }

    private async Task KnowAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var db = await dataSource.OpenConnectionAsync(ct);
                var rows = await db.QueryAsync($"select id, address from switch", r => (Id: r.Get<long>("id"), Address: r.Get<IPAddress>("address")), ct);
                _switches = rows.GroupBy(r => r.Address).ToFrozenDictionary(g => g.Key, g => g.Select(r => r.Id).ToArray());
            }
            catch (NpgsqlException away)
            {
                Log.Later(logger, away.Message);
            }

            await Task.Delay(options.Value.Refresh, clock, ct);
        }
    }

    private async Task HearAsync(SnmpNotificationReceiver receiver, CancellationToken ct)
    {
        await foreach (var notification in receiver.ReadAllAsync(ct))
        {
            if (!IsAboutPorts(notification.TrapOid) || !_switches.TryGetValue(notification.From.Address, out var switches))
            {
                continue;
            }

            foreach (var switchId in switches)
            {
                _hinted.Hint(switchId);
            }
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            await Task.Delay(Look, clock, ct);
            if (_hinted.Take() is not { Length: > 0 } due)
            {
                continue;
            }

            try
            {
                var heard = await sweep.AskAsync(due, ct);

                // A switch that starts again is silent for a while: only sweeps count their misses.
                var answered = heard with { Swept = [.. heard.Swept.OfType<SweptSwitch.Answered>()] };
                await using var db = await dataSource.OpenConnectionAsync(ct);
                await using var tx = await db.BeginTransactionAsync(ct);
                await sweep.SaveAsync(db, answered, ct);
                await tx.CommitAsync(ct);
            }
            catch (NpgsqlException away)
            {
                // The next sweep sees what was hinted at.
                Log.Later(logger, away.Message);
            }
        }
    }

    /// <summary>coldStart, warmStart, linkDown, linkUp (RFC 3418 §2, RFC 2863 §6).</summary>
    private static bool IsAboutPorts(Oid trap) => trap.Length == SnmpTraps.Length + 1 && trap.StartsWith(SnmpTraps) && trap[SnmpTraps.Length] is >= 1 and <= 4;

    private static partial class Log
    {
        [LoggerMessage(EventId = 3121, Level = LogLevel.Information, Message = "Hearing traps and informs on {EndPoint}")]
        public static partial void Listening(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(EventId = 3122, Level = LogLevel.Warning, Message = "A notification is left to the next sweep: {Why}")]
        public static partial void Later(ILogger logger, string why);
    }
}
