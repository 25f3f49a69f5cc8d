using ProvisionSvc.Audit;

namespace ProvisionSvc.Tests.Audit;

public sealed class AuditChainTests
{
    private static readonly AuditRow Row = new(7, new(2030, 1, 31, 1, 0, 0, TimeSpan.Zero), "crm", "order.accept", "order/7", "{\"why\": \"新客户\"}");

    [Fact]
    public void A_seal_is_the_one_that_another_program_computes_from_the_description() =>
        Assert.Equal("d43eb3970fd58028e29232166f0a868084c96bdd76a8c5111c764bf9db385006", Seal(Row));

    [Fact]
    public void Every_field_the_place_and_what_came_before_count()
    {
        var seal = Seal(Row);
        AuditRow[] others =
        [
            Row with { Id = 8 }, Row with { At = Row.At.AddMicroseconds(1) }, Row with { Who = "crn" }, Row with { Action = "order.cancel" }, Row with { Object = "order/8" }, Row with { Detail = "{}" },

            // The same characters, parted otherwise.
            Row with { Who = "crmorder", Action = ".accept" },
        ];
        Assert.All(others, o => Assert.NotEqual(seal, Seal(o)));
        Assert.NotEqual(seal, Convert.ToHexStringLower(AuditChain.Next(AuditChain.Beginning, 2, Row)));
        Assert.NotEqual(seal, Convert.ToHexStringLower(AuditChain.Next(AuditChain.Next(AuditChain.Beginning, 1, Row), 1, Row)));
        Assert.Equal(seal, Seal(Row with { At = Row.At.ToOffset(TimeSpan.FromHours(8)) }));
    }

    private static string Seal(AuditRow row) => Convert.ToHexStringLower(AuditChain.Next(AuditChain.Beginning, 1, row));
}
