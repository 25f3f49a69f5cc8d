using System.Net;
using Microsoft.Extensions.Options;
using ProvisionSvc.Events;

namespace ProvisionSvc.Tests.Events;

/// <summary>T11: a webhook is where the settings allow it, by name and by address.</summary>
public sealed class WebhookTargetTests
{
    [Theory]
    [InlineData("https://crm.example.net/hooks/", true)]
    [InlineData("https://crm.example.net/hooks", false)]
    [InlineData("https://crm.example.net/hooks/a?b=c", true)]
    [InlineData("https://CRM.example.net:443/hooks/a", true)]
    [InlineData("https://crm.example.net/hooks/../admin", false)]
    [InlineData("https://crm.example.net/hooks/%2e%2e/admin", false)]
    [InlineData("https://crm.example.net/hooksmith", false)]
    [InlineData("https://crm.example.net:8443/hooks/a", false)]
    [InlineData("http://crm.example.net/hooks/a", false)]
    [InlineData("https://crm.example.net.evil.example/hooks/a", false)]
    [InlineData("https://crm.example.net@evil.example/hooks/a", false)]
    [InlineData("https://user:secret@crm.example.net/hooks/a", false)]
    [InlineData("//crm.example.net/hooks/a", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("", false)]
    public void Its_url_begins_with_one_of_the_settings(string url, bool allowed)
    {
        using var targets = Targets(["https://crm.example.net/hooks/"], []);
        Assert.Equal(allowed, targets.WhyNot(url) is null);
    }

    [Fact]
    public void Without_a_setting_there_are_no_webhooks_and_the_refusal_says_which_setting()
    {
        using var targets = Targets([], []);
        Assert.Contains("Events:WebhookPrefixes", targets.WhyNot("https://crm.example.net/"));
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1::1", true)]
    [InlineData("10.9.3.4", true)]
    [InlineData("10.8.3.4", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("239.1.1.1", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    public void Its_address_is_public_or_in_a_network_that_the_settings_name(string address, bool allowed)
    {
        using var targets = Targets([], ["10.9.0.0/16", "169.254.0.0/16"]);
        Assert.Equal(allowed, targets.IsAllowed(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("crm.example.net", "")]
    [InlineData("https://crm.example.net/", "10.9.0.0")]
    public void A_wrong_setting_is_named_at_the_start(string prefix, string network) =>
        Assert.Throws<InvalidOperationException>(() => Targets([prefix], network.Length == 0 ? [] : [network]));

    [Theory]
    [InlineData("order.*")]
    [InlineData("*")]
    [InlineData("a_b%c\\d")]
    public void A_filter_is_shown_as_it_was_given(string filter) => Assert.Equal(filter, EventRows.Shown(EventRows.Pattern(filter)));

    [Theory]
    [InlineData("whsec_MDEyMzQ1Njc4OWFiY2RlZg==", true)]
    [InlineData("whsec_short", false)]
    [InlineData("whsec_MDEy", false)]
    [InlineData("0123456789abcdef", true)]
    [InlineData("0123456789abcde", false)]
    [InlineData("0123456789\nabcdef", false)]
    public void A_secret_is_long_enough(string secret, bool good) => Assert.Equal(good, WebhookSecret.WhyNot(secret) is null);

    private static WebhookTargets Targets(string[] prefixes, string[] networks) =>
        new(Options.Create(new EventOptions { WebhookPrefixes = prefixes, WebhookNetworks = networks }));
}
