using Microsoft.Extensions.Options;
using Npgsql;
using ProvisionSvc.Core.Inventory;
using ProvisionSvc.Core.Orders;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Credentials;
using ProvisionSvc.Database;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Switches;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Hosting;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Templates;

/// <summary>A port of the bench's switch, with what it should be.</summary>
internal sealed record BenchPort(PortName Name, PortRole Role, long? IfIndex, bool Lit, PortIntent Intent);

/// <summary>A switch on the bench, its lane in hand.</summary>
internal sealed record BenchSwitch(SwitchRow Row, SwitchCredential Credential, LoadedTemplate Template, IReadOnlyList<BenchPort> Ports, BorrowedLane Lane);

/// <summary>
/// Puts a live switch on the bench with a template that need not be its own. Only the template's login lines and reads are ever typed; the switch may be
/// observed, managed or locked, but its lane must be free.
/// </summary>
internal sealed class TemplateBench(
    NpgsqlDataSource dataSource, TemplateDirectory directory, CredentialStore credentials, SwitchAccess access, BorrowLane lanes, TimeProvider clock,
    IOptions<TemplateOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.Value.MaxAtOnce);

    public void Dispose() => _room.Dispose();

    /// <summary>Runs <paramref name="work"/> with the switch on the bench; a problem where it cannot be put there.</summary>
    /// <param name="template">Its name; null for the switch's own.</param>
    public async Task<(T? Result, BenchProblem? Problem)> RunAsync<T>(
        string switchName, string? template, Caller caller, string action, Func<BenchSwitch, CancellationToken, Task<T>> work, CancellationToken ct)
        where T : class
    {
        if (!await _room.WaitAsync(TimeSpan.Zero, ct))
        {
            return (null, new(StatusCodes.Status429TooManyRequests, "too-many-tries", $"{options.Value.MaxAtOnce} switches are on the bench already; try again in a moment."));
        }

        try
        {
            return await PutAsync(switchName, template, caller, action, work, ct);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task<(T? Result, BenchProblem? Problem)> PutAsync<T>(
        string switchName, string? template, Caller caller, string action, Func<BenchSwitch, CancellationToken, Task<T>> work, CancellationToken ct)
        where T : class
    {
        // Load
        SwitchRow? row;
        IReadOnlyList<BenchPort> ports;
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            row = await SwitchRows.FindAsync(db, switchName, ct, caller.DistrictFilter);
            if (row is null)
            {
                return (null, BenchProblem.NotFound("switch", switchName));
            }

            ports = await PortsAsync(db, row, ct);
        }

        if (directory.Find(template ?? row.Template) is not { } folder)
        {
            return (null, BenchProblem.NotFound("template", template ?? row.Template));
        }

        if (CheckTemplate.Run(folder) is { Loaded: null } faulty)
        {
            return (null, new(StatusCodes.Status409Conflict, "template-faulty",
                $"Template {folder.Name} has {faulty.Faults.Count} faults and is not used: provision template check {folder.Name} lists them."));
        }

        var loaded = CheckTemplate.Run(folder).Loaded!;
        if (!access.IsManaged(row.Endpoint.Address))
        {
            return (null, new(StatusCodes.Status409Conflict, "outside-management-prefixes", $"{switchName} is at {row.Endpoint.Address}, outside the management prefixes."));
        }

        var (credential, problem) = await credentials.OpenAsync(row.Id, ct);
        if (credential is null)
        {
            return (null, new(StatusCodes.Status409Conflict, "credential-missing", problem?.Message ?? ""));
        }

        await using var lane = await lanes.TryAsync(row.Id, ct);
        if (lane is null)
        {
            return (null, new(StatusCodes.Status409Conflict, "switch-busy", $"Orders are running on {switchName}, or are about to: try again in a moment."));
        }

        // Save: nobody looks at a switch without a trace, whatever becomes of it
        await using (var db = await dataSource.OpenConnectionAsync(ct))
        {
            await db.WriteAuditAsync(clock.GetUtcNow(), caller.Name, action, switchName, new { template = loaded.Name }, ct);
        }

        // Read
        using var time = new CancellationTokenSource(options.Value.MaxTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, time.Token);
        try
        {
            return (await work(new(row, credential, loaded, ports, lane), either.Token), null);
        }
        catch (LeaseLostException lost)
        {
            return (null, new(StatusCodes.Status409Conflict, "switch-busy", $"{switchName}: {lost.Message} Nothing more was asked."));
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            return (null, new(StatusCodes.Status502BadGateway, "switch-unreachable", $"{switchName} was not done within {options.Value.MaxTime.TotalSeconds:0} s (Templates:MaxTime)."));
        }
    }

    /// <summary>The ports with their intents: the derived one that orders keep, or what adopting the switch would derive.</summary>
    private static async Task<IReadOnlyList<BenchPort>> PortsAsync(NpgsqlConnection db, SwitchRow row, CancellationToken ct)
    {
        var carried = (await CarriedRows.OfSwitchAsync(db, row.Id, row.Endpoint.Name, ct)).ToDictionary(c => c.PortId, c => c.Services);
        var ports = await db.QueryAsync(
            $"select id, if_name, role, if_index from port where switch_id = {row.Id}",
            r => (Id: r.Get<long>("id"), Name: new PortName(row.Endpoint.Name, r.Get<string>("if_name")), Role: r.Get<PortRole>("role"), IfIndex: r.Get<long?>("if_index")), ct);
        return [.. ports.OrderBy(p => p.Name.IfName, NaturalOrder.Instance).Select(p => new BenchPort(
            p.Name, p.Role, p.IfIndex, carried.ContainsKey(p.Id), DeriveIntent.For(p.Name, carried.GetValueOrDefault(p.Id) ?? [])))];
    }
}

/// <summary>Why a switch was not put on the bench.</summary>
internal sealed record BenchProblem(int Status, string Code, string Message)
{
    public static BenchProblem NotFound(string kind, string name) => new(StatusCodes.Status404NotFound, $"unknown-{kind}", $"There is no {kind} \"{name}\".");

    public Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Answer => Problems.Of(Status, Code, Message, new Fault(Code, "", Message));
}
