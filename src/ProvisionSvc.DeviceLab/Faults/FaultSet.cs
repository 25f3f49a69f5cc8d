using System.Collections.Immutable;
using ProvisionSvc.DeviceLab.Switches;

namespace ProvisionSvc.DeviceLab.Faults;

/// <summary>The faults that stand on one switch. Read often, changed seldom: readers see one immutable list.</summary>
internal sealed class FaultSet
{
    private ImmutableArray<Fault> _faults = [];
    private int _requests;

    /// <summary>Told after every change: the listeners follow reachability and host key.</summary>
    public Action? Changed { get; set; }

    public IReadOnlyList<Fault> Standing => _faults;

    public bool IsUnreachable => Has<Fault.Unreachable>();

    public bool IsFrozen => Has<Fault.Freeze>();

    public bool HasOtherHostKey => Has<Fault.OtherHostKey>();

    public string? SaveError => Find<Fault.SaveFails>()?.Text;

    public TimeSpan PerLine => Find<Fault.Slow>()?.PerLine ?? TimeSpan.Zero;

    public TimeSpan PerByte => Find<Fault.Drip>()?.PerByte ?? TimeSpan.Zero;

    public bool AsksAtLogin => Has<Fault.AskAtLogin>();

    public TimeSpan SnmpLag => Find<Fault.SnmpLag>()?.Age ?? TimeSpan.Zero;

    public int VtyLimit => Find<Fault.VtyLimit>()?.Lines ?? VtyLines.DeviceLimit;

    public void Add(Fault fault)
    {
        ImmutableInterlocked.Update(ref _faults, static (all, one) => all.Add(one), fault);
        Changed?.Invoke();
    }

    public void Remove(Fault fault)
    {
        ImmutableInterlocked.Update(ref _faults, static (all, one) => all.RemoveAll(f => ReferenceEquals(f, one)), fault);
        Changed?.Invoke();
    }

    public void Clear()
    {
        ImmutableInterlocked.Update(ref _faults, static all => all.Clear());
        Changed?.Invoke();
    }

    /// <summary>Every fault that this line sets off, in the order in which they were told.</summary>
    public IReadOnlyList<Fault.OnLine> StruckBy(string line) =>
        _faults.IsEmpty ? [] : [.. _faults.OfType<Fault.OnLine>().Where(f => f.Strikes(line))];

    /// <summary>Whether this SNMP request is lost: spread evenly, so that a share is met without chance.</summary>
    public bool LosesRequest()
    {
        if (Find<Fault.SnmpLoss>() is not { Percent: > 0 } loss) return false;
        var n = Interlocked.Increment(ref _requests);
        return n * loss.Percent / 100 != (n - 1) * loss.Percent / 100;
    }

    private bool Has<T>()
        where T : Fault => Find<T>() is not null;

    private T? Find<T>()
        where T : Fault
    {
        foreach (var fault in _faults)
        {
            if (fault is T found) return found;
        }

        return null;
    }
}
