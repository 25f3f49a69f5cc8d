namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>The virtual terminal lines of one switch; a login takes one, a logout gives it back.</summary>
internal sealed class VtyLines
{
    public const int DeviceLimit = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<object, Action> _users = [];

    /// <summary>Takes a line; null when all <paramref name="limit"/> are in use. The answer counts the lines in use, this one included.</summary>
    public int? Take(object user, int limit, Action end)
    {
        lock (_gate)
        {
            if (_users.Count >= limit) return null;
            _users.Add(user, end);
            return _users.Count;
        }
    }

    /// <summary>Gives the line back and says how many stay in use.</summary>
    public int Free(object user)
    {
        lock (_gate)
        {
            _users.Remove(user);
            return _users.Count;
        }
    }

    public int InUse
    {
        get
        {
            lock (_gate) return _users.Count;
        }
    }

    /// <summary>Cuts every session, as a power failure does.</summary>
    public void EndAll()
    {
        Action[] ends;
        lock (_gate) ends = [.. _users.Values];
        foreach (var end in ends) end();
    }
}
