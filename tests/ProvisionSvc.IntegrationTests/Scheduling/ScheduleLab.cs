using System.Globalization;
using System.Net.Http.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.IntegrationTests.Infrastructure;
using ProvisionSvc.IntegrationTests.Lanes;

namespace ProvisionSvc.IntegrationTests.Scheduling;

/// <summary>A building for each switch, so that what one test says of its building is nothing to the others; lines of 900 Mbit/s and more need a business approver.</summary>
public sealed class ScheduleLab(PostgresFixture postgres) : EngineLab(postgres)
{
    protected override (int Switches, int Buildings) Size => (12, 12);

    protected override IReadOnlyList<string> Settings =>
    [
        "--Approvals:Rules:0:Action=activate", "--Approvals:Rules:0:MinMbps=900", "--Approvals:Rules:0:Role=business",
        "--Approvals:Rules:1:Action=disconnect", "--Approvals:Rules:1:Approvers=2", "--Approvals:Rules:1:Role=engineering", "--Approvals:Rules:1:Expiry=00:00:08",
    ];

    public string BuildingOf(string switchName) => Sold(switchName).Building;

    public async Task<T> AddAsync<T>(string path, object request, CancellationToken ct, HttpClient? client = null)
    {
        using var answer = await (client ?? Client).PostAsJsonAsync($"/api/v1/{path}", request, ct);
        return await answer.Created<T>(ct);
    }

    /// <summary>A window of the building that opens at this moment.</summary>
    public Task<WindowView> WindowAsync(string building, DateTimeOffset opens, CancellationToken ct)
    {
        var at = opens.ToOffset(TimeSpan.FromHours(8));
        return AddAsync<WindowView>(
            "windows",
            new WindowRequest
            {
                Name = $"window-{Guid.NewGuid():N}", Scope = "building", Target = building, LastsMinutes = 60, TimeZone = "Asia/Shanghai",
                Cron = string.Create(CultureInfo.InvariantCulture, $"{at.Second} {at.Minute} {at.Hour} {at.Day} {at.Month} ? {at.Year}"),
            },
            ct);
    }
}
