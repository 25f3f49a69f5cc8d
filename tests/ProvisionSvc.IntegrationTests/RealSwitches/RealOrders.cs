using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;

namespace ProvisionSvc.IntegrationTests.RealSwitches;

/// <summary>A service that manages the lab's switches, and orders followed to their proof.</summary>
internal static class RealOrders
{
    public static async Task<RunningTestService> StartServiceAsync(RealLab lab, PostgresFixture postgres, string on, string adminStatusBy, CancellationToken ct)
    {
        var service = await RunningTestService.StartAsync(postgres, ct, $"--Provision:ManagementPrefixes:0={lab.Description.ManagementPrefix}");
        var real = lab.Description.Switch(on);
        await service.Administrator.PutAsync<CredentialView>("/api/v1/credentials/lab", new SetCredentialRequest
        {
            User = real.User, PrivateKey = await File.ReadAllTextAsync(real.KeyFile, ct), SnmpReadCommunity = real.ReadCommunity, SnmpWriteCommunity = real.WriteCommunity,
        }, ct);
        var files = Directory.GetFiles(lab.Description.Inventory, "*.csv").ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        await service.Administrator.PostAsync<ImportInventoryView>("/api/v1/inventory/imports", new ImportInventoryRequest { Files = files }, ct);
        var adopted = await service.Administrator.PostAsync<AdoptServicesView>("/api/v1/services/adopt", new AdoptServicesRequest { Apply = true }, ct);
        Assert.All(adopted.Switches, s => Assert.True(s.Adopted, s.Problem));
        await service.Administrator.PutAsync<SwitchView>($"/api/v1/switches/{on}/mode", new SetSwitchModeRequest("manage", AdminStatusBy: adminStatusBy), ct);
        return service;
    }

    /// <summary>Places an order and follows it to its proof.</summary>
    public static async Task<OrderView> PlaceAsync(RunningTestService service, PlaceOrderRequest request, CancellationToken ct)
    {
        using var answer = await service.Administrator.PostAsJsonAsync("/api/v1/orders", request, ct);
        var order = await answer.Created<OrderView>(ct);
        for (var tries = 0; tries < 300 && order.FinishedAt is null; tries++)
        {
            await Task.Delay(200, ct);
            order = await service.Administrator.GetAsync<OrderView>($"/api/v1/orders/{order.Id}", ct);
        }

        Assert.True(order.State == "completed", $"{request.Action} {request.Service} is {order.State}/{order.Reason}: {order.ReasonText}");
        Assert.NotNull(order.Items[0].Proof);
        return order;
    }
}
