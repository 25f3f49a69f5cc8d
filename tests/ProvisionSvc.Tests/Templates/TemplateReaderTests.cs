using CsCheck;
using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

public class TemplateReaderTests
{
    /// <summary>The least that is a template; the tests spoil it line by line.</summary>
    private const string Small =
        """
        name: small
        title: A small family
        match: { sysDescr: '^Small ' }
        ports: { pattern: 'ge\d+' }
        firstWords: [configure, interface, exit, show, up, down, rate, no, write]
        terminal:
          prompt: '(?<host>\S+)#'
        configure: { enter: [configure], leave: [exit] }
        port: { enter: ['interface {port}'], leave: [exit] }
        reads:
          config: 'show {port}'
        fields:
          adminStatus:
            up: [up]
            down: [down]
            read: { from: config, match: '^down$', present: down, absent: up }
          rateDown:
            set: ['rate {value}']
            unset: [no rate]
            read: { from: config, match: '^rate (?<value>\d+)$', absent: none }
        save: { none: nothing is to be saved }
        """;

    [Fact]
    public void The_least_that_is_a_template_loads()
    {
        var (loaded, faults) = Read(Small);

        Assert.Equal("", string.Join('\n', faults));
        Assert.Equal([new TemplateLine(LineScope.Port, "up")], loaded!.Template.Fields[IntentField.AdminStatus].Cases["up"]);
        Assert.Equal(Channel.Terminal, loaded.Template.Fields[IntentField.AdminStatus].VerifyBy);
        Assert.Equal("show ge1", loaded.ReadCommand("config", "ge1"));
        Assert.Equal(["config"], loaded.NeededReads);
    }

    [Theory]
    [InlineData("ge1\nreload")]
    [InlineData("ge1;reload")]
    [InlineData("ge1 ")]
    [InlineData("lo")]
    public void A_name_that_is_no_port_s_is_not_even_read(string ifName)
    {
        var loaded = Read(Small).Loaded!;

        var refused = Assert.Throws<DeviceException>(() => loaded.ReadCommand("config", ifName));

        Assert.Equal(DeviceFault.Rejected, refused.Fault);
        Assert.True(Printable.Is(refused.Message));
    }

    [Theory]
    [InlineData("title: A small family", "colour: red", 2, 1, "\"colour\" is not a key")]
    [InlineData("title: A small family", "title: ", 2, 7, "title is empty")]
    [InlineData("title: A small family", "title: [a]", 2, 8, "title is a list")]
    [InlineData("title: A small family", "title: a\ntitle: b", 3, 1, "stands here twice")]
    [InlineData("title: A small family", "title: &x a", 2, 8, "Anchors, aliases and tags")]
    [InlineData("title: A small family", "title: !!str a", 2, 8, "Anchors, aliases and tags")]
    [InlineData("name: small", "name: other", 1, 7, "lies in the folder \"small\"")]
    [InlineData("{ sysDescr: '^Small ' }", "{ sysDescr: '(' }", 3, 20, "not a regular expression")]
    [InlineData("{ sysDescr: '^Small ' }", "{ sysObjectId: [1.3.x] }", 3, 24, "not an object identifier")]
    [InlineData("{ sysDescr: '^Small ' }", "{}", 3, 8, "Nothing says which switches")]
    [InlineData(@"'ge\d+'", "'.*'", 4, 19, "accepts \"\" as a port's name")]
    [InlineData(@"'ge\d+'", @"'[\s\S]{3}'", 4, 19, "x\\u000ay")]
    [InlineData(@"'(?<host>\S+)#'", @"'\S+#'", 7, 11, "no group (?<host>")]
    [InlineData("[up]", "[up, 'up {vlan}']", 14, 14, "placeholder {vlan}")]
    [InlineData("[up]", "['up {value}']", 14, 10, "placeholder {value}")]
    [InlineData("[up]", "[up, 'up {port']", 14, 14, "placeholder {port")]
    [InlineData("[up]", "[]", 14, 9, "has no line")]
    [InlineData("[up]", "[ip up]", 14, 10, "\"ip\", which firstWords does not list")]
    [InlineData("[up]", "[\"up\\nreload\"]", 14, 10, "cannot be typed")]
    [InlineData("[up]", "[\"up\\e[A\"]", 14, 10, "cannot be typed")]
    [InlineData("[up]", "[up ü]", 14, 10, "cannot be typed")]
    [InlineData("[up]", "[{ nowhere: up }]", 14, 12, "\"nowhere\" is not a key")]
    [InlineData("    up: [up]\n", "", 14, 5, "fields.adminStatus.up is missing")]
    [InlineData("    unset: [no rate]\n", "", 18, 5, "fields.rateDown.unset is missing")]
    [InlineData("rateDown:", "rateSideways:", 17, 3, "\"rateSideways\" is not a field")]
    [InlineData("from: config, match: '^down$'", "from: nothing, match: '^down$'", 16, 19, "no read \"nothing\"")]
    [InlineData("present: down", "present: dark", 16, 53, "present is \"dark\"")]
    [InlineData(@"'^rate (?<value>\d+)$'", "'^rate'", 20, 34, "needs either a group")]
    [InlineData("absent: none }", "absent: none, scale: 0 }", 20, 79, "scale is \"0\"")]
    [InlineData("absent: none }", "absent: '5' }", 20, 66, "absent is \"5\"")]
    [InlineData("absent: none }", "absentWhen: x }", 20, 70, "stands without absent")]
    [InlineData("{ none: nothing is to be saved }", "{}", 21, 7, "save.lines is missing")]
    [InlineData("{ none: nothing is to be saved }", "{ none: a, lines: [write] }", 21, 25, "stands beside none")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], patience: 3 }\nport", 8, 49, "\"patience\" is not a key")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], deadline: 3 }\nport", 8, 59, "configure.deadline is \"3\"")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], commit: [write] }\nport", 8, 57, "commit or abort without the other")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], commit: [commit], abort: [no] }\nport", 8, 58, "\"commit\", which firstWords does not list")]
    [InlineData("'], leave: [exit] }", "'], leave: [exit], prompt: 'port#' }", 9, 61, "port.prompt has no {port}")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], confirm: { begin: [write], keep: [write] } }\nport", 8, 58, "configure.confirm.within is missing")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], confirm: { begin: [write], keep: [write], within: 2s } }\nport", 8, 99, "configure.confirm.within is 2 s")]
    [InlineData("leave: [exit] }\nport", "leave: [exit], confirm: { begin: [commit], keep: [write], within: 60s } }\nport", 8, 68, "\"commit\", which firstWords does not list")]
    [InlineData("prompt: '(?<host>\\S+)#'", "prompt: '(?<host>\\S+)#'\n  lines: 'users: (\\d+)'", 8, 10, "terminal.lines has no groups")]
    [InlineData("{ enter: ['interface {port}'], leave: [exit] }", "{ enter: ['interface {port}'], commit: [exit] }", 9, 38, "\"commit\" is not a key")]
    [InlineData("{ sysDescr: '^Small ' }", "{ sysDescr: '^Small ', byHand: a person chooses }", 3, 39, "byHand stands beside")]
    [InlineData(@"'ge\d+' }", @"'ge\d+', longNames: { ge: 'x;y' } }", 4, 45, "no beginning of a port's name")]
    [InlineData("firstWords: [configure", "allow: { word: delete, why: \"\" }\nfirstWords: [configure", 5, 29, "allow.why is empty")]
    [InlineData("firstWords: [configure", "allow: { word: reload, why: a reason }\nfirstWords: [configure", 5, 16, "allow.word is \"reload\"")]
    [InlineData("firstWords: [configure", "firstWords: [delete, configure", 5, 14, "No template may type \"delete\"")]
    [InlineData("    read: { from: config, match: '^rate", "    snmp: true\n    read: { from: config, match: '^rate", 20, 5, "\"snmp\" is not a key")]
    public void A_fault_is_found_where_it_is(string right, string wrong, long line, long column, string message)
    {
        Assert.Contains(right, Small);

        var faults = Read(Small.Replace(right, wrong, StringComparison.Ordinal)).Faults;

        Assert.Contains(faults, f => f.Line == line && f.Column == column && f.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(faults, f => Assert.False(string.IsNullOrWhiteSpace(f.Remedy)));
    }

    [Theory]
    [InlineData("erase flash")]
    [InlineData("reload")]
    [InlineData("RELOAD")]
    [InlineData("reboot")]
    [InlineData("/system reboot")]
    [InlineData("/bin/rm -r /")]
    [InlineData("format flash:")]
    [InlineData("delete startup.cfg")]
    [InlineData("reset saved-configuration")]
    [InlineData("username a password b")]
    [InlineData("undo local-user a")]
    [InlineData("do reload")]
    [InlineData("sudo reboot")]
    [InlineData("no username a")]
    [InlineData("no switchport trunk allowed vlan 5")]
    [InlineData("no  switchport  trunk native vlan")]
    [InlineData("switchport mode trunk")]
    [InlineData("port trunk allow-pass vlan 5")]
    [InlineData("undo port trunk allow-pass vlan 5")]
    [InlineData("up; reboot")]
    [InlineData("up && reboot")]
    [InlineData("up || reboot")]
    [InlineData("up | reboot")]
    [InlineData("up & reboot")]
    [InlineData("up $(reboot)")]
    [InlineData("up [reboot]")]
    [InlineData("up [/system reboot] x=1")]
    [InlineData("up [sort]")]
    [InlineData("up `reboot`")]
    [InlineData("up \"$(reboot)\"")]
    [InlineData("up \\'; reboot; \\'")]
    [InlineData("up '; reboot")]
    [InlineData("x=$(reboot)")]
    [InlineData("PATH=/tmp up")]
    [InlineData("LD_PRELOAD=/tmp/x up")]
    [InlineData("x=1 up")]
    [InlineData("up > /etc/passwd")]
    [InlineData("{value} up")]
    public void A_line_that_no_template_may_type_is_refused_although_its_words_are_listed(string line)
    {
        var words = string.Join(", ", new[] { "up", "erase", "no", "undo", "do", "sudo", "switchport", "port", "format", "'/system'", "/bin/rm", "{value}" }
            .Select(w => w.StartsWith('{') ? $"'{w}'" : w));

        var faults = Read(Small
            .Replace("firstWords: [", $"firstWords: [{words}, ", StringComparison.Ordinal)
            .Replace("    up: [up]", $"    up: ['{line.Replace("'", "''", StringComparison.Ordinal)}']", StringComparison.Ordinal)).Faults;

        Assert.Contains(faults, f => f.Line == 14);
    }

    private const string Trunks =
        """
          mode:
            access: [port link-type access]
            trunk: [port link-type trunk]
            unset: [undo port link-type]
            read: { from: config, match: '^ port link-type (?:(?<access>access)|(?<trunk>trunk))$', absent: none }
          accessVlan:
            set: ['port default vlan {value}']
            unset: [undo port default vlan]
            read: { from: config, match: '^ port default vlan (?<value>.*)$', absent: none }
          allowedVlans:
            add: ['port trunk allow-pass vlan {value}']
            remove: ['undo port trunk allow-pass vlan {value}']
            read: { from: config, match: '^ port trunk allow-pass vlan (?<value>.*)$', absent: none }

        """;

    [Theory]
    [InlineData("", "", null)]
    [InlineData("vlan {value}']\n    remove", "vlan 2 to 4094', 'port trunk x {value}']\n    remove", "with \"2\"")]
    [InlineData("vlan {value}']\n    remove", "vlan all {value}']\n    remove", "with \"all\"")]
    [InlineData("vlan {value}']\n    remove", "vlan 2-4094', 'port trunk x {value}']\n    remove", "with \"2-4094\"")]
    [InlineData("allow-pass vlan {value}']\n    read", "allow-pass vlan 1']\n    read", "names no {value}")]
    [InlineData("trunk: [port link-type trunk]", "trunk: [port link-type trunk, port trunk allow-pass vlan all]", "with \"all\"")]
    [InlineData("    unset: [undo port link-type]\n", "", "fields.mode.unset is missing")]
    [InlineData("absent: none }\n  accessVlan", "absent: access }\n  accessVlan", "stands without a mode")]
    [InlineData("absent: none }\n  accessVlan", "absent: hybrid }\n  accessVlan", "read.absent is \"hybrid\"")]
    [InlineData("(?:(?<access>access)|(?<trunk>trunk))", "(?<value>.*)", "needs a group (?<access>")]
    [InlineData("    trunk: [port link-type trunk]\n", "", "do not stand together")]
    [InlineData("    remove: ['undo port trunk allow-pass vlan {value}']\n", "", "allowedVlans.remove is missing")]
    [InlineData("set: ['port default vlan {value}']", "set: ['port default vlan {value}', 'port trunk allow-pass vlan {value}']", "only mode, allowedVlans and nativeVlan")]
    public void Only_the_fields_about_trunks_may_touch_one_and_there_VLAN_by_VLAN(string right, string wrong, string? message)
    {
        Assert.Contains(right, Trunks);
        var trunks = right.Length == 0 ? Trunks : Trunks.Replace(right, wrong, StringComparison.Ordinal);

        var faults = Read(Small.Replace("firstWords: [", "firstWords: [port, undo, ", StringComparison.Ordinal).Replace("save: {", $"{trunks}save: {{", StringComparison.Ordinal)).Faults;

        Assert.Equal(message is null, faults.Count == 0);
        Assert.True(message is null || faults.Any(f => f.Message.Contains(message, StringComparison.Ordinal) || f.Remedy.Contains(message, StringComparison.Ordinal)), string.Join('\n', faults));
    }

    [Theory]
    [InlineData("delete {port} rate", true)]
    [InlineData("delete", false)]
    [InlineData("delete interfaces", false)]
    [InlineData("file delete {port}", false)]
    [InlineData("delete {port} delete", false)]
    [InlineData("delete {port}; reload", false)]
    public void An_excused_word_takes_something_off_the_port_and_does_nothing_else(string line, bool passes)
    {
        var (_, faults) = Read(Small
            .Replace("firstWords: [", "allow: { word: delete, why: takes a statement out of the candidate }\nfirstWords: [file, delete, ", StringComparison.Ordinal)
            .Replace("unset: [no rate]", $"unset: ['{line}']", StringComparison.Ordinal));

        Assert.Equal(passes, faults.Count == 0);
    }

    [Fact]
    public void A_family_without_a_terminal_can_type_nothing()
    {
        const string Silent =
            """
            name: small
            title: Only SNMP
            match: { byHand: a person chooses it }
            ports: { pattern: 'ge\d+' }
            fields:
              adminStatus: { snmp: true }
              accessVlan: { snmp: true, none: 1 }
            save: { none: it keeps what it is told }
            """;
        var (loaded, faults) = Read(Silent);

        Assert.Equal("", string.Join('\n', faults));
        Assert.Null(loaded!.Dialect);
        Assert.Equal("1", loaded.Template.Fields[IntentField.AccessVlan].SnmpNone);
        Assert.Contains(Read(Silent.Replace("{ snmp: true }", "{ up: open, down: close, verify: snmp }", StringComparison.Ordinal)).Faults, f => f.Message.Contains("firstWords", StringComparison.Ordinal));
        Assert.Contains(Read($"{Silent}\nreads: {{ state: show }}").Faults, f => f.Message.Contains("firstWords", StringComparison.Ordinal));
        Assert.Contains(Read($"{Silent}\nfirstWords: [show]").Faults, f => f.Message.Contains("terminal is missing", StringComparison.Ordinal));
        Assert.Contains(Read(Silent.Replace(", none: 1", "", StringComparison.Ordinal)).Faults, f => f.Message.Contains("stands alone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Gi1/0/7", "GigabitEthernet 1/0/7")]
    [InlineData("GiX1", "Odd1")]
    [InlineData("1/7", "7")]
    [InlineData("p7", "p7")]
    public void A_port_is_typed_by_its_long_name(string ifName, string typed)
    {
        var template = Read(Small.Replace(@"'ge\d+' }", @"'\S+\d', longNames: { Gi: 'GigabitEthernet ', GiX: Odd, '1/': '' } }", StringComparison.Ordinal)).Loaded!;

        Assert.Equal($"show {typed}", template.ReadCommand("config", ifName));
    }

    [Fact]
    public void All_faults_of_a_file_are_told_at_once_in_its_order()
    {
        var faults = Read(
            """
            name: other
            colour: red
            ports: { pattern: '(' }
            firstWords: [reload]
            terminal: { prompt: x, deadline: soon, maxOutput: 1GiB, echoes: perhaps }
            fields:
              adminStatus: { up: reload, down: [] }
            """).Faults;

        Assert.Equal(faults.OrderBy(f => f.Line).ThenBy(f => f.Column), faults);
        string[] expected =
        [
            "save is missing", "match", "title is missing", "called \"other\"", "\"colour\"", "ports.pattern is not a regular expression", "No template may type \"reload\"",
            "no group (?<host>", "deadline is \"soon\"", "maxOutput is \"1GiB\"", "echoes is \"perhaps\"", "would \"reload\"", "down has no line",
        ];
        Assert.All(expected, e => Assert.Contains(faults, f => f.Message.Contains(e, StringComparison.Ordinal) || f.Remedy.Contains(e, StringComparison.Ordinal)));
        Assert.Equal(13, faults.Count);
        Assert.All(faults, f => Assert.StartsWith($"small/template.yaml:{f.Line}:{f.Column}: ", f.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("- a\n- b")]
    [InlineData("just text")]
    [InlineData("a: [")]
    [InlineData("a: b\n---\nc: d")]
    [InlineData("{a: b}: c")]
    [InlineData("a: *nobody")]
    [InlineData("\u0000")]
    [InlineData("%YAML 9.9")]
    public void A_file_that_is_no_template_is_a_fault_and_no_crash(string yaml)
    {
        var (loaded, faults) = Read(yaml);

        Assert.Null(loaded);
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_bomb_of_aliases_stays_small()
    {
        var yaml = "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n"));

        Assert.NotEmpty(Read(yaml).Faults);
    }

    [Fact]
    public void Whatever_is_cut_out_of_or_put_into_a_template_it_is_read_or_refused_but_nothing_else()
    {
        var texts = Directory.EnumerateFiles(Folders.Templates, "template.yaml", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, 6000], Gen.Int[0, 200], Gen.String[0, 8]).Sample(
            (which, at, cut, put) =>
            {
                var text = texts[which];
                var from = Math.Min(at, text.Length);
                var (loaded, faults) = Read(text[..from] + put + text[Math.Min(from + cut, text.Length)..]);
                Assert.Equal(loaded is null, faults.Count > 0);
            },
            iter: 400);
    }

    private static (LoadedTemplate? Loaded, IReadOnlyList<TemplateFault> Faults) Read(string yaml) => TemplateReader.Read("small/template.yaml", "small", yaml);
}
