using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Orders;

/// <summary>Reads one port at this moment, over both channels; writes to neither database nor switch.</summary>
internal sealed class ReadPort(NpgsqlDataSource dataSource, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access)
{
    /// <exception cref="DeviceException">The switch does not answer, refuses us, or must not be asked.</exception>
    public async Task<(PortReading Reading, SwitchRow Switch, DeviceTemplate Template)> RunAsync(PortName port, CancellationToken ct)
    {
        SwitchRow row;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            row = await SwitchRows.FindAsync(db, port.Switch, ct) ?? throw new InvalidOperationException($"{port} has no switch.");
        }

        var template = templates.Find(row.Template) ?? throw new InvalidOperationException($"Template {row.Template} is not loaded.");
        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            throw new DeviceException(DeviceFault.AuthenticationFailed, problem!.Message);
        }

        await using var session = await access.OpenAsync(row.Endpoint, credential, template, () => { }, ct);
        var reading = await access.ReadAsync(session, row.Endpoint, credential, template, port, null, ct);
        return (reading.Reading, row, template.Template);
    }
}
