using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Contracts;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Hosting;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.FieldWork;

/// <summary>
/// Reads a switch's agent for a person: only switches of the inventory, inside the management prefixes, with the switch's own credential. There is no SET here:
/// every change to a port is an order.
/// </summary>
internal sealed class ReadAgent(
    NpgsqlDataSource dataSource, CredentialStore credentials, SwitchAccess access, ISnmpClient client, IOptions<FieldWorkOptions> options, TimeProvider clock) : IDisposable
{
    private readonly FieldWorkOptions _options = options.Value;
    private readonly SemaphoreSlim _room = new(options.Value.MaxAtOnce);

    public static Task<Results<Ok<AgentAnswerView>, ProblemHttpResult>> HandleAsync(
        string name, Body<ReadAgentRequest> body, ClaimsPrincipal user, ReadAgent readAgent, CancellationToken ct) =>
        readAgent.RunAsync(name, body, Caller.Of(user), ct);

    public void Dispose() => _room.Dispose();

    private async Task<Results<Ok<AgentAnswerView>, ProblemHttpResult>> RunAsync(string name, Body<ReadAgentRequest> body, Caller caller, CancellationToken ct)
    {
        if (body.Faults.Count > 0)
        {
            return Problems.Invalid(body.Faults);
        }

        var (question, faults) = AgentQuestion.Read(body.Value, _options);
        if (question is null)
        {
            return Problems.Invalid(faults);
        }

        if (!await _room.WaitAsync(TimeSpan.Zero, ct))
        {
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too-many-readings", $"{_options.MaxAtOnce} switches are being read for people already; try again in a moment.");
        }

        try
        {
            return await ReadAsync(name, body.Value, question, caller, ct);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<Results<Ok<AgentAnswerView>, ProblemHttpResult>> ReadAsync(
        string name, ReadAgentRequest request, AgentQuestion question, Caller caller, CancellationToken ct)
    {
        // Load
        if (await FindAsync(name, caller, ct) is not { } row)
        {
            return Problems.NotFound("switch", name);
        }

        try
        {
            access.RequireManaged(row.Endpoint);
        }
        catch (DeviceException outside)
        {
            return Problems.Conflict("outside-management-prefixes", outside.Message);
        }

        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            return Problems.Conflict(problem!.Code, problem.Message);
        }

        // Save: nobody looks at a switch without a trace, whatever becomes of the answer
        var readAt = clock.GetUtcNow();
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            await db.WriteAuditAsync(readAt, caller.Name, "switch.snmp", name, new { request.Operation, request.Oids, request.MaxRows }, ct);
        }

        // Read
        var began = clock.GetTimestamp();
        using var time = new CancellationTokenSource(_options.MaxTime + TimeSpan.FromSeconds(5), clock); // walks end by themselves before
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        try
        {
            var limits = new SnmpReadLimits { MaxRows = question.MaxRows, MaxOctets = _options.MaxOctets, MaxTime = _options.MaxTime };
            var answer = await credential.AskAsync(row.Endpoint, target => AgentReader.ReadAsync(client, target, question, limits, either.Token), either.Token);
            return answer is { Variables: [], End.Incomplete: IncompleteReason.TimeLimit }
                ? Silent(name)
                : TypedResults.Ok(Scrubbed(AgentReader.View(name, question, answer, readAt, clock.GetElapsedTime(began)), credential));
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return Silent(name);
        }
        catch (DeviceException refused)
        {
            return Problems.Conflict("credential-refused", refused.Message);
        }
        catch (SnmpException away)
        {
            return Problems.Of(StatusCodes.Status502BadGateway, Code(away.Fault), $"{name}: {away.Message}");
        }
    }

    private static AgentAnswerView Scrubbed(AgentAnswerView view, SwitchCredential credential) =>
        view with { Rows = [.. view.Rows.Select(r => r with { Value = credential.Scrub(r.Value), Hex = credential.Scrub(r.Hex) })] };

    private ProblemHttpResult Silent(string name) => Problems.Of(
        StatusCodes.Status502BadGateway, "switch-unreachable", $"{name}: the agent did not answer within {_options.MaxTime.TotalSeconds:0} s.");

    private static string Code(SnmpFault fault) =>
        fault is SnmpFault.Timeout or SnmpFault.Unreachable or SnmpFault.Malformed ? "switch-unreachable"
        : fault == SnmpFault.AuthenticationFailed ? "credential-refused"
        : "agent-refused";

    private async Task<SwitchRow?> FindAsync(string name, Caller caller, CancellationToken ct)
    {
        await using var db = await dataSource.OpenConnectionAsync(ct);
        return await db.FirstAsync(
            $"""
             select w.id, w.name, w.address, w.snmp_port, w.ssh_port, w.host_key_sha256, w.template, w.credential, w.mode, w.admin_status_by
             from switch w join building b on b.id = w.building_id
             where w.name = {name} and ({caller.DistrictFilter}::int[] is null or b.district = any({caller.DistrictFilter}))
             """,
            SwitchRows.Map, ct);
    }
}
