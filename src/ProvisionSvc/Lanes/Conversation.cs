using Npgsql;
using ProvisionSvc.Database;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>
/// What a run's sessions said and were answered, cut by item, bounded, without secrets; kept when an item is settled, as part of its evidence. A worker that
/// dies takes it along: the journal is what holds then.
/// </summary>
internal sealed class Conversation
{
    private const int LongestPart = 16 * 1024;

    // The saved configuration is the whole switch's; what counts of it is that the item's lines were found there.
    private const int LongestSave = 4 * 1024;

    // An item that is tried for days; the journal goes on.
    private const int MostParts = 40;

    private readonly List<(long Item, string Part, string Text)> _said = [];
    private SwitchSession? _session;
    private long _place;
    private string _part = "";
    private long[] _items = [];

    /// <summary>What is said from now on belongs to these items.</summary>
    public void TurnTo(string part, params long[] items)
    {
        Cut();
        (_part, _items) = (part, items);
    }

    public void Begin(SwitchSession session) => (_session, _place) = (session, 0);

    public void End()
    {
        Cut();
        _session = null;
    }

    /// <summary>Writes down what was said about these items so far.</summary>
    public async Task KeepAsync(NpgsqlConnection db, LaneLease lease, long[] items, DateTimeOffset now, CancellationToken ct)
    {
        Cut();
        var kept = _said.Where(s => items.Contains(s.Item)).ToList();
        if (kept.Count == 0)
        {
            return;
        }

        await db.ExecuteAsync(
            $"""
             insert into conversation (item_id, epoch, part, kept_at, said)
             select n.item, {lease.Epoch}, n.part, {now}, n.said
             from unnest({kept.Select(k => k.Item).ToArray()}, {kept.Select(k => k.Part).ToArray()}, {kept.Select(k => Packed.Of(k.Text)).ToArray()}) as n(item, part, said)
             where (select count(*) from conversation c where c.item_id = n.item) < {MostParts}
             """,
            ct);
        _said.RemoveAll(s => items.Contains(s.Item));
    }

    private void Cut()
    {
        if (_session is not { } session || session.TranscriptLength == _place)
        {
            return;
        }

        var text = Bounded(session.TranscriptFrom(_place), _part == "save" ? LongestSave : LongestPart);
        _place = session.TranscriptLength;
        _said.AddRange(_items.Select(i => (i, _part, text)));
    }

    private static string Bounded(string text, int longest) => text.Length <= longest ? text
        : $"{text[..(longest / 2)]}\n[... {text.Length - longest} characters left out ...]\n{text[^(longest / 2)..]}";
}
