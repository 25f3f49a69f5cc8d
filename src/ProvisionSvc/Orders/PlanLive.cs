using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Orders;

/// <summary>Reads a port on its switch at this moment and plans what would make it what it should be. Writes to neither database nor switch.</summary>
internal sealed class PlanLive(NpgsqlDataSource dataSource, TemplateCatalog templates, CredentialStore credentials, SwitchAccess access)
{
    /// <exception cref="DeviceException">The switch cannot be read now.</exception>
    public async Task<PlanOutcome> RunAsync(PortName port, PortRole role, PortIntent intent, CancellationToken ct)
    {
        var row = await SwitchAsync(port, ct);
        var template = templates.Find(row.Template) ?? throw new DeviceException(DeviceFault.Protocol, $"{port.Switch}: template \"{row.Template}\" is not loaded.");
        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            throw new DeviceException(DeviceFault.AuthenticationFailed, problem!.Message);
        }

        await using var session = await access.OpenAsync(row.Endpoint, credential, template, () => { }, ct);
        return (await access.PlanAsync(session, row.Endpoint, credential, template, port, role, intent, null, row.WriteBy, ct)).Outcome;
    }

    private async Task<SwitchRow> SwitchAsync(PortName port, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await SwitchRows.FindAsync(db, port.Switch, ct) ?? throw new InvalidOperationException($"{port} has no switch.");
    }
}
