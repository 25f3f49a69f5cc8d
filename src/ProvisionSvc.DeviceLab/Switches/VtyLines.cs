namespace ProvisionSvc.DeviceLab.Switches;

/// <summary>A session as its switch sees it.</summary>
internal interface ITerminalUser
{
    /// <summary>Ends without a goodbye, as a power failure does.</summary>
    void Cut();

    /// <summary>Prints a log line at once; unless <paramref name="always"/>, only where the session did not switch them off.</summary>
    Task InjectAsync(string text, bool always, CancellationToken ct);
}

/// <summary>The virtual terminal lines of one switch; a login takes one, a logout gives it back.</summary>
internal sealed class VtyLines
{
    public const int DeviceLimit = 10;

    private readonly Lock _gate = new();
    private readonly HashSet<ITerminalUser> _users = [];

    /// <summary>Takes a line; null when all <paramref name="limit"/> are in use. The answer counts the lines in use, this one included.</summary>
    public int? Take(ITerminalUser user, int limit)
    {
        lock (_gate)
        {
            if (_users.Count >= limit) return null;
            _users.Add(user);
            return _users.Count;
        }
    }

    /// <summary>Gives the line back and says how many stay in use.</summary>
    public int Free(ITerminalUser user)
    {
        lock (_gate)
        {
            _users.Remove(user);
            return _users.Count;
        }
    }

    public IReadOnlyList<ITerminalUser> Users
    {
        get
        {
            lock (_gate) return [.. _users];
        }
    }

    public void CutAll()
    {
        foreach (var user in Users) user.Cut();
    }
}
