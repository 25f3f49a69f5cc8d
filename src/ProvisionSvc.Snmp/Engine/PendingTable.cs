namespace ProvisionSvc.Snmp;

/// <summary>Which exchange waits under which id. Striped, so that many threads rarely meet; entries are reused, so that nothing is allocated per message.</summary>
internal sealed class PendingTable
{
    private const int Stripes = 16;
    private readonly Dictionary<int, Exchange>[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Dictionary<int, Exchange>())];

    /// <summary>False when the id is taken.</summary>
    public bool TryAdd(int id, Exchange exchange)
    {
        var stripe = _stripes[id % Stripes];
        lock (stripe)
        {
            return stripe.TryAdd(id, exchange);
        }
    }

    public void Remove(int id)
    {
        var stripe = _stripes[id % Stripes];
        lock (stripe)
        {
            stripe.Remove(id);
        }
    }

    public Exchange? Find(int id)
    {
        if (id < 0)
        {
            return null;
        }

        var stripe = _stripes[id % Stripes];
        lock (stripe)
        {
            return stripe.TryGetValue(id, out var exchange) ? exchange : null;
        }
    }

    public List<Exchange> All()
    {
        var all = new List<Exchange>();
        foreach (var stripe in _stripes)
        {
            lock (stripe)
            {
                all.AddRange(stripe.Values);
            }
        }

        return all;
    }
}
