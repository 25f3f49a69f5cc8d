using ProvisionSvc.Hosting;

namespace ProvisionSvc.Tests.Lanes;

/// <summary>What may stand in PROVISION_FAILPOINTS.</summary>
public sealed class FailpointTests
{
    [Fact]
    public void Every_moment_can_be_named_once_with_a_chance()
    {
        var named = string.Join(", ", Enum.GetNames<Failpoint>().Select(n => $"{n.ToLowerInvariant()}=0.5"));
        Assert.Equal(Enum.GetNames<Failpoint>().Length, Failpoints.Parse(named).Count);
        Assert.Empty(Failpoints.Parse(null));
        Assert.False(Failpoints.AreSet);
    }

    [Theory]
    [InlineData("someday=0.5")]
    [InlineData("begun")]
    [InlineData("begun=2")]
    [InlineData("begun=0")]
    [InlineData("begun=0.1,begun=0.2")]
    public void Anything_else_is_refused_by_name(string text) =>
        Assert.Contains("PROVISION_FAILPOINTS", Assert.Throws<InvalidOperationException>(() => Failpoints.Parse(text)).Message);
}
