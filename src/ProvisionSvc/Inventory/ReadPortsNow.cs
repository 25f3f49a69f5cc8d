using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;

namespace ProvisionSvc.Inventory;

/// <summary>Asks a switch's agent for its ports at this moment and shows them in place of what the last sweep saw. Nothing is written, neither here nor there.</summary>
internal sealed class ReadPortsNow(NpgsqlDataSource dataSource, CredentialStore credentials, SwitchAccess access, TimeProvider clock)
{
    /// <exception cref="DeviceException">The switch does not answer, or must not be asked.</exception>
    public async Task<IReadOnlyList<PortView>> RunAsync(string switchName, IReadOnlyList<PortView> known, CancellationToken ct)
    {
        SwitchRow row;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            row = await SwitchRows.FindAsync(db, switchName, ct) ?? throw new InvalidOperationException($"{switchName} has ports but is not in the inventory.");
        }

        access.RequireManaged(row.Endpoint);
        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        var shown = credential is null
            ? throw new DeviceException(DeviceFault.AuthenticationFailed, $"{switchName} cannot be asked: {problem!.Message}")
            : await access.Agents.ReadAllAsync(row.Endpoint, credential, ct);
        var now = clock.GetUtcNow();
        return [.. known.Select(port => shown.GetValueOrDefault(port.IfName) is { } reading ? Shown(port, reading, now) : Gone(port, now))];
    }

    private static PortView Shown(PortView port, AgentReading reading, DateTimeOffset now) => port with
    {
        IfIndex = (int)reading.IfIndex,
        AdminStatus = reading.Reading.Values.GetValueOrDefault(IntentField.AdminStatus),
        OperStatus = EnumText.Of(reading.Reading.OperStatus),
        Alias = reading.Reading.Values.GetValueOrDefault(IntentField.Alias) ?? "",
        ReadAt = now,
        MissingSince = null,
    };

    private static PortView Gone(PortView port, DateTimeOffset now) => port with
    {
        IfIndex = null, AdminStatus = null, OperStatus = null, Alias = null, ReadAt = now, MissingSince = port.MissingSince ?? now,
    };
}
