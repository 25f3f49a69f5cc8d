using ProvisionSvc.Cli.Output;
using ProvisionSvc.Contracts;

namespace ProvisionSvc.Tests.Cli;

/// <summary>Tables that fit, widths of characters, JSON, languages, hostile text.</summary>
public sealed class RenderingTests
{
    private static readonly FakeService ManyWide = new FakeService().On("GET /api/v1/switches", new[]
    {
        Some.Switch("sw-north-3-corner-building") with { Building = "Corner Building of the Long Road 千峰南路甲1号", Template = "huawei-vrp5" },
        Some.Switch("sw-4"),
    });

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(40)]
    public async Task A_table_fits_the_terminal_and_eighty_columns_at_least(int width)
    {
        var run = await new Run.With(ManyWide) { Width = width, Environment = { ["NO_COLOR"] = "1" } }.OfAsync("switch", "list");

        Assert.All(run.Out.Split('\n'), line => Assert.InRange(TextWidth.Of(line), 0, Math.Max(80, width)));
        Assert.Contains("sw-north-3-corner-building", run.Out);
        Assert.Contains('…', run.Out);
    }

    [Fact]
    public async Task Redirected_output_is_never_shortened_nor_coloured()
    {
        var run = await Run.OfAsync(ManyWide, "switch", "list");

        Assert.Contains("Corner Building of the Long Road 千峰南路甲1号", run.Out);
        Assert.DoesNotContain('…', run.Out);
        Assert.DoesNotContain('\e', run.Out);
    }

    [Fact]
    public async Task Columns_stand_below_each_other_beside_Chinese_text()
    {
        var service = new FakeService().On("GET /api/v1/switches", new[] { Some.Switch("交换机三"), Some.Switch("sw-4") });

        var run = await Run.OfAsync(service, "switch", "list", "--lang", "zh");

        Assert.Equal(
            """
            交换机    楼宇  节点     模板         模式    可达性     已开通  空闲
            交换机三  B-12  north-1  huawei-vrp5  manage  reachable      31    17
            sw-4      B-12  north-1  huawei-vrp5  manage  reachable      31    17

            """, run.Out);
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("楼宇甲", 6, "楼宇甲")]
    [InlineData("楼宇甲", 5, "楼宇…")]
    [InlineData("楼宇甲", 4, "楼…")]
    public void Text_is_cut_at_cells_not_at_characters(string text, int width, string expected)
    {
        Assert.Equal(expected, TextWidth.Fit(text, width));
        Assert.InRange(TextWidth.Of(TextWidth.Fit(text, width)), 0, width);
    }

    [Theory]
    [InlineData("sw-3 GigabitEthernet0/0/7", 25, "sw-3 GigabitEthernet0/0/7")]
    [InlineData("sw-3 GigabitEthernet0/0/7", 15, "sw-3 Gi…et0/0/7")]
    [InlineData("楼宇交换机七", 7, "楼宇…七")]
    [InlineData("abc", 1, "…")]
    public void A_port_is_cut_in_the_middle(string text, int width, string expected)
    {
        Assert.Equal(expected, TextWidth.FitEnds(text, width));
        Assert.InRange(TextWidth.Of(expected), 0, width);
    }

    [Fact]
    public async Task Orders_on_eighty_columns_keep_number_service_state_and_the_end_of_the_port()
    {
        var service = new FakeService().On("GET /api/v1/orders", new OrderListView([Some.Completed, Some.Order("pending", "device-unreachable", null, null, Some.Item("pending"))]));

        var run = await new Run.With(service) { Width = 80, Environment = { ["NO_COLOR"] = "1" } }.OfAsync("order", "list");

        Assert.Equal(
            """
            ORDER  ACTION    SERVICE  STATE      REASON          PORT            PLACED
               17  activate  CN-1001  completed  proven          sw-3 Gi…t0/0/7  01-31 01:00
               17  activate  CN-1001  pending    device-unreac…  sw-3 Gi…t0/0/7  01-31 01:00

            """, run.Out);
    }

    [Theory]
    [InlineData("\e[2J\a boo", "�[2J� boo")]
    [InlineData("a\nb\u2028c\u202Ed\u009B", "a�b�c�d�")]
    [InlineData("楼 – ok", "楼 – ok")]
    public void Escape_sequences_of_a_switch_do_not_reach_the_terminal(string text, string expected) => Assert.Equal(expected, TextWidth.Safe(text));

    [Fact]
    public async Task A_hostile_alias_is_shown_harmless()
    {
        var service = new FakeService().On("GET /api/v1/ports?switch=sw-3&ifName=p1", new[] { Some.Port("p1") with { Alias = "\e]0;gotcha\a[red]x[/]" } });

        var run = await new Run.With(service) { Width = 100 }.OfAsync("port", "show", "sw-3", "p1");

        Assert.Contains("�]0;gotcha�[red]x[/]", run.Out);
    }

    [Fact]
    public async Task JSON_is_the_services_own_with_fields_this_version_does_not_know()
    {
        var service = new FakeService().OnText("GET /api/v1/nodes", """[{"name":"北","district":3,"future":{"a":1}}]""");

        var run = await Run.OfAsync(service, "node", "list", "--output", "json");

        Assert.Equal(
            """
            [
              {
                "name": "北",
                "district": 3,
                "future": {
                  "a": 1
                }
              }
            ]

            """, run.Out);
    }

    [Fact]
    public async Task A_single_port_is_one_object_in_JSON()
    {
        var service = new FakeService().On("GET /api/v1/ports?switch=sw-3&ifName=p1", new[] { Some.Port("p1") });

        Assert.StartsWith("{", (await Run.OfAsync(service, "port", "show", "sw-3", "p1", "-o", "json")).Out);
    }

    [Theory]
    [InlineData("zh_CN.UTF-8", null, "无告警\n")]
    [InlineData("zh_CN.UTF-8", "en", "no alarms\n")]
    [InlineData("en_GB.UTF-8", "zh", "无告警\n")]
    [InlineData("C", null, "no alarms\n")]
    [InlineData(null, null, "no alarms\n")]
    public async Task The_language_is_asked_for_or_taken_from_LANG(string? lang, string? option, string expected)
    {
        var service = new FakeService().On("GET /api/v1/alarms?open=true", Array.Empty<AlarmView>());
        var world = new Run.With(service) { Environment = lang is null ? [] : new() { ["LANG"] = lang } };

        var run = await world.OfAsync(["alarm", "list", .. option is null ? Array.Empty<string>() : ["--lang", option]]);

        Assert.Equal(expected, run.Out);
    }

    [Fact]
    public async Task Every_command_has_help_with_examples()
    {
        var root = await Run.OfAsync(new FakeService(), "--help");
        Assert.Contains("Exit codes: 0 done, 1 error, 2 changes pending.", root.Out);
        foreach (var line in ProvisionSvc.Cli.Running.Nouns.All().SelectMany(n => n.Subcommands.Count == 0 ? [n.Name] : n.Subcommands.Select(v => $"{n.Name} {v.Name}")))
        {
            var help = await Run.OfAsync(new FakeService(), [.. line.Split(' '), "--help"]);

            Assert.Equal(0, help.ExitCode);
            Assert.Contains($"  provision {line}", help.Out[help.Out.IndexOf("Example", StringComparison.Ordinal)..]);
        }
    }
}
