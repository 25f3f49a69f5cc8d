using CsCheck;
using ProvisionSvc.Tests.Inventory;
using ProvisionSvc.Devices.Templates;
using ProvisionSvc.Tests.Templates;

namespace ProvisionSvc.Tests.Configurations;

/// <summary>Lines as each family prints them, with secrets made up for the purpose; every one of them holds the word CANARY or a text that is given.</summary>
public sealed class ScrubTests
{
    private static readonly TemplateCatalog Catalog = TemplateCatalog.Load(Folders.Templates).OrThrow();

    public static TheoryData<string, string, string> Secrets => new()
    {
        { "huawei-vrp5", " local-user admin password irreversible-cipher $1a$CANARY*s@1$Xy9,;3kL$", "CANARY" },
        { "huawei-vrp5", " local-user admin password cipher %^%#CANARY|qR'{t)^%#", "CANARY" },
        { "huawei-vrp5", " local-user ops password simple CANARY privilege level 15", "CANARY" },
        { "huawei-vrp5", "snmp-agent community read cipher %^%#CANARY\"k9:%^%#", "CANARY" },
        { "huawei-vrp5", "snmp-agent community write CANARY", "CANARY" },
        { "huawei-vrp5", "snmp-agent usm-user v3 watch group1 authentication-mode sha CANARY privacy-mode aes128 CANARY", "CANARY" },
        { "huawei-vrp5", "snmp-agent usm-user v3 watch authentication-mode sha cipher %^%#CANARY%^%#", "CANARY" },
        { "huawei-vrp5", "snmp-agent target-host trap address udp-domain 192.0.2.7 params securityname cipher %^%#CANARY%^%# v2c", "CANARY" },
        { "huawei-vrp5", "snmp-agent target-host trap-hostname nms address 192.0.2.7 trap-paramsname x securityname CANARY", "CANARY" },
        { "huawei-vrp5", " super password level 15 cipher %@%@CANARY%@%@", "CANARY" },
        { "huawei-vrp5", " set authentication password cipher @%@%CANARY@%@%", "CANARY" },
        { "huawei-vrp5", " radius-server shared-key cipher %^%#CANARY%^%#", "CANARY" },
        { "huawei-vrp5", " ospf authentication-mode md5 1 cipher %^%#CANARY%^%#", "CANARY" },
        { "huawei-vrp8", " peer 192.0.2.1 password cipher %^%#CANARY%^%#", "CANARY" },
        { "huawei-vrp8", "ntp authentication-keyid 1 authentication-mode md5 cipher %^%#CANARY%^%#", "CANARY" },
        { "h3c-comware", " password hash $h$6$CANARYabc$zzz==", "CANARY" },
        { "h3c-comware", " snmp-agent community write simple CANARY", "CANARY" },
        { "h3c-comware", " key authentication cipher $c$3$CANARY==", "CANARY" },
        { "h3c-comware", " super password role network-admin hash $h$6$CANARY$", "CANARY" },
        { "cisco-ios", "enable secret 5 $1$CANARY$q1w2e3", "CANARY" },
        { "cisco-ios", "enable password CANARY", "CANARY" },
        { "cisco-ios", "username ops privilege 15 secret 9 $9$CANARY$xyz", "CANARY" },
        { "cisco-ios", "username ops password 7 0822455D0A16544541", "0822455D0A16544541" },
        { "cisco-ios", "username ops password 0 CANARY", "CANARY" },
        { "cisco-ios", " password 7 094F471A1A0A", "094F471A1A0A" },
        { "cisco-ios", "snmp-server community CANARY RO 10", "CANARY" },
        { "cisco-ios", "snmp-server host 192.0.2.7 version 2c CANARY  snmp linkdown", "CANARY" },
        { "cisco-ios", "snmp-server host 192.0.2.7 CANARY", "CANARY" },
        { "cisco-ios", "snmp-server host 192.0.2.7 vrf mgmt informs version 2c CANARY", "CANARY" },
        { "cisco-ios", "snmp-server user w g v3 auth sha CANARY priv aes 128 CANARY", "CANARY" },
        { "cisco-ios", "tacacs-server host 192.0.2.9 key 7 0822455D0A16", "0822455D0A16" },
        { "cisco-ios", "tacacs-server key CANARY", "CANARY" },
        { "cisco-ios", "radius-server key 7 13061E010803", "13061E010803" },
        { "cisco-ios", " key 7 13061E010803", "13061E010803" },
        { "cisco-ios", " key-string 7 13061E010803", "13061E010803" },
        { "cisco-ios", " server-private 192.0.2.9 auth-port 1812 key CANARY", "CANARY" },
        { "cisco-ios", "crypto isakmp key CANARY address 192.0.2.9", "CANARY" },
        { "cisco-ios", " ip ospf message-digest-key 1 md5 7 13061E010803", "13061E010803" },
        { "cisco-ios", " ip ospf authentication-key CANARY", "CANARY" },
        { "cisco-ios", " neighbor 192.0.2.1 password 7 13061E010803", "13061E010803" },
        { "cisco-ios", " standby 1 authentication md5 key-string CANARY", "CANARY" },
        { "cisco-ios", "ntp authentication-key 1 md5 13061E010803 7", "13061E010803" },
        { "cisco-ios", "-----BEGIN RSA PRIVATE KEY-----\nCANARY\nCANARY\n-----END RSA PRIVATE KEY-----", "CANARY" },
        { "zte-zxr10", "username ops password encrypted CANARY privilege 15", "CANARY" },
        { "zte-zxr10", "snmp-server community encrypted CANARY view AllView ro", "CANARY" },
        { "zte-zxr10", "snmp-server host 192.0.2.7 trap version 2c CANARY udp-port 162", "CANARY" },
        { "zte-zxr10", "enable secret level 15 5 CANARY", "CANARY" },
        { "ruijie-rgos", "enable secret 5 $1$CANARY$x", "CANARY" },
        { "ruijie-rgos", "username admin password 7 1234CANARY", "CANARY" },
        { "ruijie-rgos", "snmp-server host 192.0.2.7 traps version 2c CANARY", "CANARY" },
        { "juniper-junos", "        encrypted-password \"$6$CANARY$abc\"; ## SECRET-DATA", "CANARY" },
        { "juniper-junos", "        secret \"$9$CANARY.mf\"; ## SECRET-DATA", "CANARY" },
        { "juniper-junos", "        authentication-key \"$9$CANARY\"; ## SECRET-DATA", "CANARY" },
        { "juniper-junos", "    community CANARY {", "CANARY" },
        { "juniper-junos", "        pre-shared-key ascii-text \"$9$CANARY\"; ## SECRET-DATA", "CANARY" },
        { "mikrotik-routeros", "set [ find default=yes ] addresses=192.0.2.0/24 name=CANARY", "CANARY" },
        { "mikrotik-routeros", "add address=192.0.2.9 secret=CANARY service=login", "CANARY" },
        { "mikrotik-routeros", "add name=l2tp password=\"CANA RY CANARY\" profile=x", "CANARY" },
        { "mikrotik-routeros", "set wpa2-pre-shared-key=\"CANARY\\\"CANARY\"", "CANARY" },
        { "mikrotik-routeros", "add listen-port=13231 name=wg1 private-key=\"CANARY=\"", "CANARY" },
        { "dlink-des", "create snmp community CANARY view CommunityView read_write", "CANARY" },
        { "dlink-des", "*@&CANARYd033e22ae348aeb5660fc2140aec35850c4da997", "CANARY" },
        { "dlink-des", "config radius add 1 192.0.2.9 key CANARY auth_port 1812", "CANARY" },
        { "frr", "password CANARY", "CANARY" },
        { "frr", "enable password 8 CANARY", "CANARY" },
        { "frr", " neighbor 192.0.2.1 password CANARY", "CANARY" },
        { "frr", " ip ospf message-digest-key 1 md5 CANARY", "CANARY" },
        { "open-vswitch", "        Controller \"ssl:192.0.2.1\" https://ops:CANARY@192.0.2.1/", "CANARY" },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public void A_secret_of_the_family_is_not_kept(string family, string line, string secret)
    {
        Assert.Contains(secret, line);
        var kept = Keep(family, $"#\n{line}\n interface x\n");
        Assert.DoesNotContain(secret, kept);
        Assert.Contains(Scrub.Hidden, kept);
        Assert.EndsWith("\n interface x", kept);
    }

    /// <summary>A net that took everything would hide secrets too.</summary>
    [Theory]
    [InlineData("huawei-vrp5", "interface GigabitEthernet0/0/7\n description BJ-0007-01\n port link-type access\n port default vlan 1007\n qos lr outbound cir 100000 cbs 12500000")]
    [InlineData("huawei-vrp5", "user-interface vty 0 4\n authentication-mode aaa\n protocol inbound ssh\nstelnet server enable\nsnmp-agent sys-info version v2c v3")]
    [InlineData("cisco-ios", "key chain ospf\n key 1\naaa authentication login default group tacacs+ local\nip community-list standard x permit 65000:1\nno ip http server")]
    [InlineData("juniper-junos", "interfaces {\n    ge-0/0/1 {\n        description \"BJ-0007-01\";\n        disable;\n    }\n}")]
    [InlineData("mikrotik-routeros", "/interface bridge port\nadd bridge=br interface=ether1 pvid=1007\n/interface ethernet\nset [ find default-name=ether1 ] comment=BJ-0007-01")]
    [InlineData("open-vswitch", "    Bridge br0\n        Port p1\n            tag: 1007\n            Interface p1")]
    public void What_is_no_secret_is_kept(string family, string text) => Assert.Equal(text, Keep(family, text));

    [Fact]
    public void What_was_scrubbed_once_stays_as_it_is()
    {
        foreach (var family in Secrets.GroupBy(s => s.Data.Item1, s => s.Data.Item2))
        {
            Choose.OneOf([.. family]).Array[1, 6].Sample(lines =>
            {
                var once = Keep(family.Key, string.Join('\n', lines));
                Assert.Equal(once, Keep(family.Key, once));
                Assert.DoesNotContain("CANARY", once);
            }, iter: 100);
        }
    }

    [Fact]
    public void A_secret_that_we_know_is_found_wherever_it_stands() =>
        Assert.Equal("banner ***", Catalog.Find("huawei-vrp5")!.Archive!.Keep("banner Very-well-known", ["Very-well-known", ""]));

    [Fact]
    public void What_changes_by_itself_is_not_kept() => Assert.Equal(
        "hostname x\nend",
        Keep("cisco-ios", "Building configuration...\r\n\r\nCurrent configuration : 5123 bytes\r\n! Last configuration change at 01:02:03 UTC Tue Jan 1 2030 by ops\r\nhostname x\r\nntp clock-period 17179\r\nend\r\n"));

    [Fact]
    public void Every_family_with_a_command_line_shows_its_configuration() =>
        Assert.All(Catalog.Templates, t => Assert.Equal(t.Dialect is not null, t.Archive is not null));

    private static string Keep(string family, string text) => Catalog.Find(family)!.Archive!.Keep(text, []);
}
