using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;

namespace ProvisionSvc.Credentials;

/// <summary>
/// Logs in and asks by the newest generation on every switch that it has not reached: at most once each, and on no further one when several refuse it.
/// Writes to no switch. What it shows is kept as everybody else's logins are, so it may be ended and begun again at any moment.
/// </summary>
internal sealed class ProveCredential(NpgsqlDataSource dataSource, CredentialStore store, SwitchAccess access, TemplateCatalog templates)
{
    // Logins at once; each is a handshake on our side and a VTY on the switch's.
    private const int AtOnce = 16;

    private sealed record Candidate(SwitchRow Row, bool TerminalProven, bool AgentProven);

    public static async Task<Results<Ok<CredentialProofView>, ProblemHttpResult>> HandleAsync(string name, ProveCredential prove, CancellationToken ct) =>
        await prove.RunAsync(name, ct) is { } view ? TypedResults.Ok(view) : Problems.NotFound("credential", name);

    private async Task<CredentialProofView?> RunAsync(string name, CancellationToken ct)
    {
        int newest;
        List<Candidate> switches;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            newest = await db.FirstAsync($"select max(generation) as generation from credential_generation where name = {name}", r => r.Get<int>("generation"), ct);
            switches = await db.QueryAsync(
                $"""
                 select w.id, w.name, w.address, w.snmp_port, w.ssh_port, w.host_key_sha256, w.template, w.credential, w.mode, w.admin_status_by,
                        exists (select from switch_credential u where u.switch_id = w.id and u.name = {name} and u.generation = {newest} and u.channel = 'terminal') as terminal,
                        exists (select from switch_credential u where u.switch_id = w.id and u.name = {name} and u.generation = {newest} and u.channel = 'snmp') as snmp
                 from switch w where w.credential = {name} order by w.name
                 """,
                r => new Candidate(SwitchRows.Map(r), r.Get<bool>("terminal"), r.Get<bool>("snmp")), ct);
        }

        if (newest == 0)
        {
            return null;
        }

        var unproven = new ConcurrentBag<UnprovenSwitchView>();
        await Parallel.ForEachAsync(switches, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (candidate, token) =>
        {
            if (await ProblemAsync(candidate, token) is { } problem)
            {
                unproven.Add(new(candidate.Row.Endpoint.Name, problem));
            }
        });

        await using var after = await dataSource.OpenConnectionAsync(ct);
        return new(
            newest, switches.Count - unproven.Count, [.. unproven.OrderBy(u => u.Switch, NaturalOrder.Instance)],
            (await ViewCredentials.ViewAsync(after, name, ct))!);
    }

    /// <summary>What stands between the switch and the newest generation; null where it takes it.</summary>
    private async Task<string?> ProblemAsync(Candidate candidate, CancellationToken ct)
    {
        var endpoint = candidate.Row.Endpoint;
        if (templates.Find(candidate.Row.Template) is not { } template)
        {
            return $"Template \"{candidate.Row.Template}\" is not loaded.";
        }

        var needsTerminal = template.Dialect is not null && !candidate.TerminalProven;
        if (candidate.AgentProven && !needsTerminal)
        {
            return null;
        }

        try
        {
            access.RequireManaged(endpoint);
            var (credential, problem) = await store.OpenNewestAsync(candidate.Row.Id, ct);
            if (credential is null)
            {
                return problem!.Message;
            }

            if (!candidate.AgentProven)
            {
                await access.Agents.ProveAsync(endpoint, credential, ct);
            }

            if (needsTerminal)
            {
                await using var session = await access.OpenAsync(endpoint, credential, template, () => { }, ct);
            }

            return null;
        }
        catch (DeviceException trouble)
        {
            return trouble.Message;
        }
    }
}
