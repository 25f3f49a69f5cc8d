namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>
/// The physical side of a port: whether somebody is plugged in, oper status that follows admin status after a lag, and octet
/// counters that grow while it is up. Settled whenever it is looked at, so nothing ticks while nobody asks.
/// </summary>
internal sealed class PortLink(bool hasEquipment, DateTimeOffset bornAt)
{
    private double _inOctets;
    private double _outOctets;
    private DateTimeOffset _settledAt = bornAt;
    private DateTimeOffset _dueAt = bornAt;
    private bool _wanted;

    public bool HasEquipment { get; set; } = hasEquipment;

    public bool IsUp { get; private set; }

    public DateTimeOffset ChangedAt { get; private set; } = bornAt;

    public ulong InOctets => (ulong)_inOctets;

    public ulong OutOctets => (ulong)_outOctets;

    /// <summary>Brings the link to <paramref name="now"/>. Rates are in octets per second and hold while the link is up.</summary>
    public void Settle(DateTimeOffset now, bool adminUp, TimeSpan lag, double inRate, double outRate)
    {
        var wanted = adminUp && HasEquipment;
        if (wanted != _wanted)
        {
            _wanted = wanted;
            _dueAt = now + lag;
        }

        if (IsUp != _wanted && now >= _dueAt)
        {
            Count(_dueAt, inRate, outRate);
            IsUp = _wanted;
            ChangedAt = _dueAt;
        }

        Count(now, inRate, outRate);
    }

    /// <summary>A restart: counters from zero, link down until settled again.</summary>
    public void Reset(DateTimeOffset now, bool startsUp)
    {
        (_inOctets, _outOctets) = (0, 0);
        (_settledAt, _dueAt, ChangedAt) = (now, now, now);
        IsUp = _wanted = startsUp;
    }

    private void Count(DateTimeOffset until, double inRate, double outRate)
    {
        if (until <= _settledAt) return;
        var seconds = (until - _settledAt).TotalSeconds;
        _settledAt = until;
        if (!IsUp) return;
        _inOctets += seconds * inRate;
        _outOctets += seconds * outRate;
    }
}
