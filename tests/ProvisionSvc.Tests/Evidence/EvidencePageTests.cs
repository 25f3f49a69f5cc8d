using System.Text.Json;
using ProvisionSvc.Contracts;
using ProvisionSvc.Evidence;
using ProvisionSvc.Tests.Cli;

namespace ProvisionSvc.Tests.Evidence;

public sealed class EvidencePageTests
{
    public static TheoryData<string> Hostile =>
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</pre></td><iframe src=//evil>", "' onmouseover='alert(1)", "\u202Eexe.txt", "\u001b[31mred", "\u0000nul",
        "&#60;script&#62;", "</title><script>", "\u2028line", "<svg/onload=alert(1)>",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Text_of_switches_and_people_stays_text_wherever_it_stands_T17_T18(string text)
    {
        var clean = EvidencePage.Render(With("x"), chinese: false);
        var page = EvidencePage.Render(With(text), chinese: false);

        // The same elements, and no more of them.
        Assert.Equal(clean.Count(c => c == '<'), page.Count(c => c == '<'));
        Assert.Equal(clean.Count(c => c == '>'), page.Count(c => c == '>'));
        Assert.DoesNotContain('\u202E', page);
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\0', page);
        Assert.DoesNotContain('\u2028', page);
    }

    [Fact]
    public void Who_why_what_and_how_it_was_proven_are_on_the_page_in_both_languages()
    {
        var (english, chinese) = (EvidencePage.Render(With("because"), chinese: false), EvidencePage.Render(With("because"), chinese: true));
        Assert.All((string[])["front-office", "because", "3f2a91c0", "undo shutdown", "new-session", "saved and read back", "second-person", "order.release"], word =>
        {
            Assert.Contains(word, english);
            Assert.Contains(word, chinese);
        });
        Assert.Contains("Done, and proven by reading the switch.", english);
        Assert.Contains("已完成，并经读取交换机验证。", chinese);
        Assert.DoesNotContain("http", english);
    }

    private static EvidenceView With(string text) => new()
    {
        Complete = true, WrittenAt = Some.Then, Order = Some.Order("completed", "proven", "Done, and proven by reading the switch.", "已完成，并经读取交换机验证。", Some.Item("completed", text)) with { Why = text },
        Account = text, Customer = text, Building = text,
        Approvals = [new(Some.Then, "second-person", "order.release", JsonSerializer.SerializeToElement(new { placedBy = "crm" })), new(Some.Then, text, text, JsonSerializer.SerializeToElement(text))],
        Fields = [new("sw-3", "GigabitEthernet0/0/7", "accessVlan", text, "1007", "1007", "new-session"), new("sw-3", "GigabitEthernet0/0/7", text, text, text, text, text)],
        Journal = [new("sw-3", "GigabitEthernet0/0/7", 4, 40001, "terminal", "adminStatus", "undo shutdown", "down", "up", Some.Then, "confirmed", Some.Then), new("sw-3", "GigabitEthernet0/0/7", 4, null, text, text, text, text, text, Some.Then, text, null)],
        Conversations = [new("sw-3", "GigabitEthernet0/0/7", 4, "write", Some.Then, text), new("sw-3", "GigabitEthernet0/0/7", 4, text, Some.Then, text)],
        Audit = [new(1, Some.Then, text, text, text, JsonSerializer.SerializeToElement(new { text }), 1)],
    };
}
