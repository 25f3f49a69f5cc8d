using System.ComponentModel.DataAnnotations;
using ProvisionSvc.Lanes;

namespace ProvisionSvc.Tests.Lanes;

public sealed class LaneOptionsTests
{
    [Theory]
    [InlineData(15, 3, true)]
    [InlineData(4, 1, true)]
    [InlineData(3, 3, false)]
    [InlineData(5, 4, false)]
    [InlineData(0, 0, false)]
    [InlineData(15, -1, false)]
    public void A_lease_that_could_never_be_trusted_is_refused_at_the_start(int ttl, int margin, bool good)
    {
        var options = new LaneOptions { LeaseTtl = TimeSpan.FromSeconds(ttl), LeaseMargin = TimeSpan.FromSeconds(margin) };
        var faults = new List<ValidationResult>();
        Assert.Equal(good, Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true));
        Assert.All(faults, f => Assert.Contains("Lanes:Lease", f.ErrorMessage));
    }
}
