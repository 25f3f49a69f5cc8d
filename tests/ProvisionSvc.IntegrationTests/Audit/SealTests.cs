using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using ProvisionSvc.Audit;
using ProvisionSvc.Contracts;
using ProvisionSvc.Database;
using ProvisionSvc.Hosting;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.Audit;

/// <summary>T14, I10: whoever changes the audit log behind the service's back is found, and the line is named.</summary>
public sealed class SealTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("provision-audit-");
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await postgres.CreateDatabaseAsync(_ct);

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task Two_sealers_at_once_make_one_chain()
    {
        var sealers = new[] { Sealer(), Sealer() };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_ct);
        var sealing = sealers.Select(s => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await s.SealAsync(_ct);
                }
            },
            _ct)).ToList();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), _ct, async (writer, ct) =>
        {
            for (var i = 0; i < 100; i++)
            {
                await WriteAsync($"writer-{writer}");
            }
        });
        await stop.CancelAsync();
        await Task.WhenAll(sealing);
        await Sealer().SealAsync(_ct);

        var found = await VerifyAsync();
        Assert.True(found.Intact, found.Broken?.Message);
        Assert.Equal((400, 400, 0), (found.Lines, found.Last, found.NotSealed));
    }

    [Theory]
    [InlineData("update audit set who = 'nobody' where id = 5", "changed", 5)]
    [InlineData("update audit set detail = '{\"n\": 0}' where id = 5", "changed", 5)]
    [InlineData("update audit set at = at + interval '1 microsecond' where id = 5", "changed", 5)]
    [InlineData("delete from audit where id = 7", "removed", 7)]
    [InlineData("delete from audit_seal where audit_id = 7", "removed", 0)]
    [InlineData("update audit_seal set hash = sha256('x') where audit_id = 9", "changed", 9)]
    [InlineData("update audit a set who = b.who, object = b.object, detail = b.detail from audit b where (a.id, b.id) in ((3, 4), (4, 3))", "changed", 3)]
    [InlineData("insert into audit (at, who, action, object, detail) values ('2030-01-30', 'x', 'order.release', 'order/1', '{}')", "inserted", 11)]
    public async Task What_the_owner_changes_is_named(string tampering, string what, long line)
    {
        await TenLinesAsync();
        Assert.True((await VerifyAsync()).Intact);

        await _database.ExecuteAsync(tampering, _ct);
        await Sealer().SealAsync(_ct);
        var found = await VerifyAsync();

        Assert.False(found.Intact);
        Assert.Equal((what, line), (found.Broken?.What, found.Broken?.Line));
    }

    [Fact]
    public async Task A_chain_cut_off_or_written_anew_does_not_fit_the_anchors_kept_elsewhere()
    {
        await TenLinesAsync();
        _clock.Advance(TimeSpan.FromDays(1));
        await WriteAsync("next day");
        await Sealer().SealAsync(_ct);
        var anchor = Json.To<AuditAnchorView>(Assert.Single(await File.ReadAllLinesAsync(Anchors, _ct)));
        Assert.Equal(("2030-01-31", 10), (anchor.Day, anchor.Sequence));

        // Sealed again: the day has been anchored already.
        await Sealer().SealAsync(_ct);
        Assert.Single(await File.ReadAllLinesAsync(Anchors, _ct));

        await _database.ExecuteAsync("delete from audit where id > 8; delete from audit_seal where sequence > 8; delete from audit_anchor", _ct);
        Assert.Equal(("removed", 10), await BrokenAsync());

        await _database.ExecuteAsync("delete from audit_seal; update audit set who = 'somebody else' where id = 2", _ct);
        await WriteAsync("a");
        await WriteAsync("b");
        await WriteAsync("c");
        await Sealer().SealAsync(_ct);
        Assert.Equal(("replaced", 10), await BrokenAsync());

        File.Delete(Anchors);
        Assert.True((await VerifyAsync()).Intact);
        Assert.False((await Verifier().RunAsync(null, null, [anchor], _ct)).Intact);
    }

    [Fact]
    public async Task A_part_of_the_chain_can_be_verified_by_itself()
    {
        await TenLinesAsync();
        var noon = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(2));
        await TenLinesAsync();
        await _database.ExecuteAsync("update audit set who = 'x' where id = 3", _ct);

        Assert.Equal(3, (await VerifyAsync()).Broken?.Line);
        var later = await Verifier().RunAsync(noon.AddHours(1), null, [], _ct);
        Assert.True(later.Intact, later.Broken?.Message);
        Assert.Equal((11, 20, 10), (later.First, later.Last, later.Lines));
        Assert.Equal(3, (await Verifier().RunAsync(null, noon.AddHours(1), [], _ct)).Broken?.Line);
    }

    [Theory]
    [InlineData("update audit_seal set sealed_at = now()")]
    [InlineData("delete from audit_seal")]
    [InlineData("truncate audit_seal")]
    [InlineData("update audit_anchor set sequence = 1")]
    [InlineData("delete from audit_anchor")]
    [InlineData("delete from alarm_history")]
    public async Task The_service_s_role_cannot_change_seals(string sql)
    {
        await TenLinesAsync();
        await using var db = await _database.DataSource.OpenConnectionAsync(_ct);
        await using var command = new NpgsqlCommand(sql, db);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(_ct))).SqlState);
    }

    private string Anchors => Path.Combine(_state.FullName, "audit-anchors.jsonl");

    private async Task TenLinesAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            await WriteAsync($"person {i}");
        }

        await Sealer().SealAsync(_ct);
    }

    private async Task WriteAsync(string who)
    {
        await using var db = await _database.DataSource.OpenConnectionAsync(_ct);
        await db.WriteAuditAsync(_clock.GetUtcNow(), who, "order.accept", "order/1", new { who, text = "订单" }, _ct);
    }

    private async Task<(string? What, long? Seal)> BrokenAsync() => (await VerifyAsync()).Broken is { } broken ? (broken.What, broken.Seal) : default;

    private Task<AuditVerificationView> VerifyAsync() => Verifier().RunAsync(null, null, [], _ct);

    private VerifyAudit Verifier() => new(_database.DataSource, _clock, Options.Create(new AuditOptions()), Host());

    private SealAudit Sealer() => new(_database.DataSource, _clock, Options.Create(new AuditOptions()), Host(), NullLogger<SealAudit>.Instance);

    private IOptions<ProvisionOptions> Host() => Options.Create(new ProvisionOptions { StateDirectory = _state.FullName });
}
