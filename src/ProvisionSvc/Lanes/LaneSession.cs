using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Lanes;

/// <summary>The one session that a lane's items share; opened when first needed, opened again after it broke.</summary>
internal sealed class LaneSession(SwitchAccess access, Lane lane) : IAsyncDisposable
{
    private SwitchSession? _session;

    public bool IsOpen => _session is not null;

    /// <summary>The session where it is open.</summary>
    public SwitchSession? Open => _session;

    /// <summary>Nothing more is to be done on the switch in this run: it could not be opened, or it may be trying something out.</summary>
    public bool IsUseless { get; set; }

    public async Task<SwitchSession> OpenAsync(CancellationToken ct)
    {
        if (_session is null)
        {
            _session = await access.OpenAsync(lane.Switch.Endpoint, lane.Credential, lane.Template, lane.RequireGoing, ct);
            lane.Said.Begin(_session);
        }

        return _session;
    }

    public async Task CloseAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            lane.Said.End();
            await session.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
