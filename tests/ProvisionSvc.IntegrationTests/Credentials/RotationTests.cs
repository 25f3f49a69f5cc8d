using System.Net;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.DeviceLab.Agent;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>T20: from one generation of a credential to the next, switch by switch.</summary>
public sealed class RotationTests(V3EngineLab lab) : IClassFixture<V3EngineLab>
{
    private const string NewPassword = "the-next-secret";
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switches_are_changed_one_by_one_while_work_goes_on_and_the_old_one_goes_when_all_have_taken_the_new()
    {
        var all = lab.Lab.Switches.Select(s => s.Name).ToList();
        await lab.SweepAsync(_ct);
        var before = await ShowAsync();
        Assert.Equal((1, all.Count, 0), (Assert.Single(before.Generations).Generation, before.Generations[0].Switches, before.NotReached));

        // The next generation is set; the switches take the old one, and nobody tries the new one on them.
        var set = await lab.SetCredentialAsync(await NextAsync(), _ct);
        Assert.Equal([(1, "current"), (2, "next")], set.Generations.Select(g => (g.Generation, g.State)));
        await lab.SweepAsync(_ct);
        await lab.DoAsync(Place.Suspend(lab.Sold(all[0]).CircuitId), _ct);
        Assert.All(all, s => Assert.Equal(0, lab.Lab.RefusedUsers(s)));

        // Half of them are changed: each refuses the old one once, and takes the new one from then on.
        foreach (var name in all.Take(6))
        {
            Change(name);
        }

        await lab.SweepAsync(_ct);
        await lab.SweepAsync(_ct);
        await lab.DoAsync(Place.Resume(lab.Sold(all[0]).CircuitId), _ct);
        Assert.Equal(Enumerable.Repeat(1, 6).Concat(Enumerable.Repeat(0, 6)), all.Select(lab.Lab.RefusedUsers));
        Assert.Equal(6, await lab.ScalarAsync<long>("select count(*) from switch_credential where channel = 'snmp' and generation = 2", _ct));
        Assert.Empty(await lab.AlarmsAsync("lab", _ct));

        // Neither the old one nor a third would leave all of them reachable.
        using var early = await lab.Client.PostAsJsonAsync("/api/v1/credentials/lab/retire", new RetireCredentialRequest(), _ct);
        Assert.Equal("not-proven", (await early.Problem(HttpStatusCode.Conflict, _ct)).Code);
        using var third = await lab.Client.PutAsJsonAsync("/api/v1/credentials/lab", await NextAsync("yet-another-secret"), _ct);
        Assert.Equal("rotation-under-way", (await third.Problem(HttpStatusCode.Conflict, _ct)).Code);

        // Four more are changed, then somebody wants proof: two do not take it, and nothing is lost by having asked.
        foreach (var name in all.Skip(6).Take(4))
        {
            Change(name);
        }

        var proof = await ProveAsync();
        Assert.Equal((2, 10), (proof.Generation, proof.Proven));
        Assert.Equal(all.Skip(10), proof.Unproven.Select(u => u.Switch));
        Assert.Equal(all.Skip(10), proof.Credential.Generations[1].RefusedBy);
        await lab.SweepAsync(_ct);
        await lab.DoAsync(Place.Suspend(lab.Sold(all[11]).CircuitId), _ct);

        // The last two: a sweep finds them, and the proof retires the old one.
        foreach (var name in all.Skip(10))
        {
            Change(name);
        }

        await lab.SweepAsync(_ct);
        var done = await ProveAsync();
        Assert.Equal((12, 0, 2), (done.Proven, done.Unproven.Count, done.Credential.Generation));
        Assert.Single(done.Credential.Generations);
        Assert.Empty(await lab.AlarmsAsync("lab", _ct));
        await lab.DoAsync(Place.Resume(lab.Sold(all[11]).CircuitId), _ct);
        Assert.All(all, s => Assert.InRange(lab.Lab.RefusedUsers(s), 0, 2));
    }

    private void Change(string name) => lab.Lab.SetUsers(name, Users(NewPassword));

    internal static LabUser[] Users(string password) =>
        [.. new[] { ("lab-reader", false), ("lab-writer", true) }.Select(u => new LabUser(new UsmUser(u.Item1, AuthProtocol.HmacSha256, password, PrivProtocol.Aes128, password), u.Item2))];

    private async Task<SetCredentialRequest> NextAsync(string password = NewPassword) => lab.Credential(await File.ReadAllTextAsync(lab.Lab.PrivateKeyFile, _ct)) with
    {
        SnmpV3 = new() { Reader = V3EngineLab.User("lab-reader", password), Writer = V3EngineLab.User("lab-writer", password) },
    };

    private Task<CredentialView> ShowAsync() => lab.Client.GetAsync<CredentialView>("/api/v1/credentials/lab", _ct);

    private async Task<CredentialProofView> ProveAsync()
    {
        using var answer = await lab.Client.PostAsync("/api/v1/credentials/lab/prove", null, _ct);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<CredentialProofView>(_ct))!;
    }
}
