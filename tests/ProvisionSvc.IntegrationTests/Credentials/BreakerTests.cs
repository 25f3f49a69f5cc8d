using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;
using ProvisionSvc.IntegrationTests.Orders;

namespace ProvisionSvc.IntegrationTests.Credentials;

/// <summary>T19: a secret that is wrong on many switches meets five of them once, and then none until a person says so.</summary>
public sealed class BreakerTests(BreakerTests.City lab) : IClassFixture<BreakerTests.City>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sweeps_and_orders_stop_after_five_switches_have_refused_and_go_on_when_a_person_unlocks()
    {
        var all = lab.Lab.Switches.Select(s => s.Name).ToList();
        foreach (var name in all)
        {
            lab.Lab.SetUsers(name, RotationTests.Users("somebody-rotated-wrongly"));
        }

        await ForgetAsync();

        // Everything at once: sweeps, and an order on every switch, restorations among them.
        var orders = new List<long>();
        for (var round = 0; round < 2; round++)
        {
            await lab.SweepAsync(_ct);
            foreach (var name in all)
            {
                orders.Add((await lab.PlaceAsync(round == 0 ? Place.Suspend(lab.Sold(name).CircuitId) : Place.Resume(lab.Sold(name, 1).CircuitId), _ct)).Id);
            }
        }

        foreach (var order in orders)
        {
            await lab.UntilAsync(order, "held", "credential", _ct);
        }

        await lab.SweepAsync(_ct);
        Assert.All(all, s => Assert.InRange(lab.Lab.RefusedUsers(s), 0, 1));
        Assert.Equal(5, all.Sum(lab.Lab.RefusedUsers));
        var alarm = Assert.Single(await lab.Client.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct), a => a.Severity == "critical");
        Assert.Contains("\"lab\"", alarm.What, StringComparison.Ordinal);
        Assert.Contains("credential unlock lab", alarm.Remedy, StringComparison.Ordinal);
        var shown = await lab.Client.GetAsync<CredentialView>("/api/v1/credentials/lab", _ct);
        Assert.Equal(5, shown.Generations[0].RefusedBy.Count);
        Assert.NotNull(shown.Generations[0].BlockedAt);

        // Also not after a restart.
        await lab.Service.RestartAsync(_ct);
        await lab.SweepAsync(_ct);
        await Task.Delay(1000, _ct);
        Assert.Equal(5, all.Sum(lab.Lab.RefusedUsers));

        foreach (var name in all)
        {
            lab.Lab.SetUsers(name, [.. lab.Lab.Users]);
        }

        await lab.Client.PostAsync<CredentialView>("/api/v1/credentials/lab/unlock", new UnlockCredentialRequest("the users are back"), _ct);
        foreach (var order in orders)
        {
            await lab.UntilAsync(order, o => o.State == "completed" || o.State == "cancelled", _ct, 120);
        }

        await lab.SweepAsync(_ct);
        Assert.Empty(await lab.AlarmsAsync("lab", _ct));
        Assert.Equal(5, all.Sum(lab.Lab.RefusedUsers));
    }

    /// <summary>Logins over SSH, by a key that no switch knows any more.</summary>
    [Fact]
    public async Task A_key_that_no_switch_takes_is_tried_on_five_of_them_and_one_alarm_names_the_credential()
    {
        var authorized = Path.Combine(Path.GetDirectoryName(lab.Lab.PrivateKeyFile)!, "authorized_keys");
        var keys = await File.ReadAllTextAsync(authorized, _ct);
        await File.WriteAllTextAsync(authorized, "", _ct);
        await ForgetAsync();
        var orders = new List<long>();
        foreach (var name in lab.Lab.Switches.Select(s => s.Name))
        {
            orders.Add((await lab.PlaceAsync(Place.Suspend(lab.Sold(name, 2).CircuitId), _ct)).Id);
        }

        var held = new List<OrderView>();
        foreach (var order in orders)
        {
            held.Add(await lab.UntilAsync(order, "held", "credential", _ct));
        }

        Assert.Equal(5, held.Count(o => o.Items[0].Detail!.Contains("refused the login", StringComparison.Ordinal)));
        Assert.Equal(5, await lab.ScalarAsync<long>("select count(*) from credential_refusal where channel = 'terminal'", _ct));
        Assert.Single(await lab.Client.GetAsync<IReadOnlyList<AlarmView>>("/api/v1/alarms?open=true", _ct), a => a.Severity == "critical");

        await File.WriteAllTextAsync(authorized, keys, _ct);
        await lab.Client.PostAsync<CredentialView>("/api/v1/credentials/lab/unlock", new UnlockCredentialRequest("the key is back"), _ct);
        foreach (var order in orders)
        {
            await lab.ProvenAsync(order, _ct, 120);
        }

        Assert.Empty(await lab.AlarmsAsync("lab", _ct));
    }

    /// <summary>Who was let in a moment ago vouches for the credential: as many more are tried at once.</summary>
    private Task ForgetAsync() => Task.Delay(TimeSpan.FromSeconds(2.5), _ct);

    public sealed class City(PostgresFixture postgres) : V3EngineLab(postgres)
    {
        protected override (int Switches, int Buildings) Size => (20, 1);
    }
}
