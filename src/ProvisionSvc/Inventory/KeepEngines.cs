using System.Threading.Channels;
using Npgsql;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Database;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Inventory;

/// <summary>
/// Keeps in the inventory what the SNMP engine learns of agents' v3 engines: the first that proves itself is pinned; another one at its address, or boots that
/// went back, raise an alarm (T5). The pin goes along with every question, also after a restart.
/// </summary>
internal sealed partial class KeepEngines(Channel<SnmpEngineEvent> news, NpgsqlDataSource dataSource, TimeProvider clock, ILogger<KeepEngines> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var heard in news.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await KeepAsync(heard, stoppingToken);
            }
            catch (NpgsqlException away)
            {
                // Said again by the next question after a restart, or by the next that the agent answers otherwise.
                Log.NotKept(logger, heard, away.Message);
            }
        }
    }

    private async Task KeepAsync(SnmpEngineEvent heard, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        await using var tx = await db.BeginTransactionAsync(ct);
        var now = clock.GetUtcNow();
        var engine = heard.EngineId.ToArray();
        var changed = heard.News == SnmpEngineNews.IdChanged
            ? $"update switch set engine_claimed = {engine}, engine_claimed_at = {now} where address = {heard.Agent.Address} and snmp_port = {heard.Agent.Port} and engine_id <> {engine} returning name"
            : (Sql)$"""
                    update switch set engine_id = {engine}, engine_boots = {heard.Boots}
                    where address = {heard.Agent.Address} and snmp_port = {heard.Agent.Port} and (engine_id is null or engine_id = {engine})
                      and (engine_id, engine_boots) is distinct from ({engine}, {heard.Boots}) returning name
                    """;
        foreach (var name in await db.QueryAsync(changed, r => r.Get<string>("name"), ct))
        {
            var text = Convert.ToHexString(engine);
            Log.Heard(logger, heard.News, name, text, heard.Boots);
            if (heard.News == SnmpEngineNews.IdChanged)
            {
                await db.RaiseAlarmAsync(
                    now, $"{Reasons.Engine.Code}:{name}", "critical", $"{name}: another SNMP engine, {text}, answers than the pinned one; it is not believed.",
                    $"Find out why: replaced hardware, or somebody in between. Compare it with the switch's own (show snmp engineID); then provision switch trust-engine {name} --engine-id {text}.", ct);
            }
            else if (heard.News == SnmpEngineNews.BootsWentBack)
            {
                await db.RaiseAlarmAsync(
                    now, $"engine-boots:{name}", "warning", $"{name}: its SNMP engine {text} has started {heard.Boots} times, which is fewer than before.",
                    $"It was reset, restored, or replaced by its twin: look at its configuration; then provision switch trust-engine {name} --engine-id {text}.", ct);
            }
        }

        await tx.CommitAsync(ct);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1211, Level = LogLevel.Information, Message = "SNMP engine of {Switch}: {News}, {Engine}, boots {Boots}")]
        public static partial void Heard(ILogger logger, SnmpEngineNews news, string @switch, string engine, int boots);

        [LoggerMessage(EventId = 1212, Level = LogLevel.Warning, Message = "Not kept: {News}. {Why}")]
        public static partial void NotKept(ILogger logger, SnmpEngineEvent news, string why);
    }
}
