using System.Net;
using System.Text;

namespace ProvisionSvc.Snmp;

/// <summary>What was learnt about one agent, and the slots that bound how much is asked of it at a time.</summary>
internal sealed class Agent(IPEndPoint endPoint, int slots, UsmPeer usm) : IDisposable
{
    private const int MostSubjects = 32;
    private readonly List<TableHabit> _tables = [];
    private (string Text, byte[] Octets) _community = ("", []);
    private double _mean; // ms
    private double _deviation;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>The address as the operating system wants it.</summary>
    public SocketAddress Address { get; } = endPoint.Serialize();

    /// <summary>Its engine in v3.</summary>
    public UsmPeer Usm => usm;

    public SemaphoreSlim Slots { get; } = new(slots);

    /// <summary>Requests that use this agent now; guarded by the memory's lock.</summary>
    public int Users { get; set; }

    /// <summary>How many variables of a table fit into one of its answers, as tooBig has taught. One table's 12 KB values say nothing of another's.</summary>
    public int CellsOf(Oid subject)
    {
        lock (_tables)
        {
            return Find(subject)?.Cells ?? int.MaxValue;
        }
    }

    public void Remember(Oid subject, int cells)
    {
        lock (_tables)
        {
            FindOrAdd(subject).Cells = cells;
        }
    }

    /// <summary>How many rows the table had when it was last read to its end, and how many of them fitted into an answer; 0 when not known.</summary>
    public (int Rows, int Fitting) ShapeOf(Oid subject)
    {
        lock (_tables)
        {
            return Find(subject) is { } table ? (table.Rows, table.Fitting) : default;
        }
    }

    public void RememberShape(Oid subject, int rows, int fitting)
    {
        lock (_tables)
        {
            var table = FindOrAdd(subject);
            (table.Rows, table.Fitting) = (rows, fitting);
        }
    }

    /// <summary>How long an answer may take before it is worth asking early (RFC 6298 §2: four deviations above the mean); null before the first measurement.</summary>
    public TimeSpan? UsualWait
    {
        get
        {
            lock (_tables)
            {
                return _mean > 0 ? TimeSpan.FromMilliseconds(_mean + (4 * _deviation)) : null;
            }
        }
    }

    /// <summary>An answer to a question that was asked once (RFC 6298 §3: of others nobody knows which attempt was answered).</summary>
    public void Measured(TimeSpan answered)
    {
        var milliseconds = Math.Max(0.001, answered.TotalMilliseconds);
        lock (_tables)
        {
            (_mean, _deviation) = _mean > 0
                ? (_mean + ((milliseconds - _mean) / 8), _deviation + ((Math.Abs(milliseconds - _mean) - _deviation) / 4))
                : (milliseconds, milliseconds / 2);
        }
    }

    /// <summary>The community's octets, made once as long as it stays the same.</summary>
    public byte[] CommunityOf(string text)
    {
        lock (_tables)
        {
            if (_community.Text != text)
            {
                _community = (text, Encoding.UTF8.GetBytes(text));
            }

            return _community.Octets;
        }
    }

    public void Dispose()
    {
        Slots.Dispose();
        usm.Dispose();
    }

    private TableHabit? Find(Oid subject)
    {
        foreach (var table in _tables)
        {
            if (table.Subject == subject)
            {
                return table;
            }
        }

        return null;
    }

    private TableHabit FindOrAdd(Oid subject)
    {
        if (Find(subject) is { } known)
        {
            return known;
        }

        if (_tables.Count >= MostSubjects)
        {
            _tables.Clear();
        }

        var table = new TableHabit(new Oid(subject.Arcs)); // a copy: the caller's may be a slice of something large
        _tables.Add(table);
        return table;
    }

    /// <summary>What was learnt about one table. A few classes in a list: dictionaries of structs would be compiled anew in every process that starts.</summary>
    private sealed class TableHabit(Oid subject)
    {
        public Oid Subject => subject;

        public int Cells { get; set; } = int.MaxValue;

        public int Rows { get; set; }

        public int Fitting { get; set; }
    }
}
