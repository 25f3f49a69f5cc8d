using ProvisionSvc.Core.Plans;
using ProvisionSvc.Devices.Templates;

namespace ProvisionSvc.Tests.Templates;

public class StandardColumnsTests
{
    [Fact]
    public void The_poller_s_columns_are_there_with_their_identifiers()
    {
        var columns = StandardColumns.Load(Folders.Templates).ToDictionary(c => c.Name);

        Assert.Equal(
            ["dot1qPvid", "ifAdminStatus", "ifAlias", "ifHCInOctets", "ifHCOutOctets", "ifHighSpeed", "ifName", "ifOperStatus", "ifSpeed"],
            columns.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new("ifAdminStatus", "1.3.6.1.2.1.2.2.1.7", ColumnType.Integer, ColumnIndex.IfIndex, IntentField.AdminStatus, "adminStatus"), columns["ifAdminStatus"]);
        Assert.Equal((ColumnIndex.BasePort, (IntentField?)null), (columns["dot1qPvid"].Index, columns["dot1qPvid"].Field));
    }

    [Fact]
    public void A_recorded_switch_has_the_interface_columns()
    {
        var recorded = File.ReadLines(Folders.Recorded("snmprec", "vrp_5720.snmprec")).ToList();

        // The capture asked for ifHighSpeed and left ifSpeed out.
        foreach (var column in StandardColumns.Load(Folders.Templates).Where(c => c.Index == ColumnIndex.IfIndex && c.Name != "ifSpeed"))
        {
            Assert.Contains(recorded, l => l.StartsWith($"{column.Oid}.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_field_that_a_template_proves_by_snmp_has_a_column()
    {
        var fields = StandardColumns.Load(Folders.Templates).Select(c => c.Field).OfType<IntentField>().ToHashSet();

        foreach (var template in TemplateCatalog.Load(Folders.Templates).Templates)
        {
            // The PVID is a fact of every port; it stands for the access VLAN only in a family that says which PVID means none.
            Assert.Subset(fields, template.Template.Fields.Where(f => f.Value is { VerifyBy: Channel.Snmp, SnmpNone: null }).Select(f => f.Key).ToHashSet());
        }
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var faults = StandardColumns.Read("standard.yaml", """
            columns:
              - { name: a, oid: one, type: integer, field: alias }
              - { name: a, oid: 1.3, type: float, index: row, field: colour }
              - { name: b, oid: 1.3.6, type: text }
              - text
            more: true
            """).Faults;

        string[] expected =
            ["2:3 listed twice", "2:21 \"one\"", "3:32 \"float\"", "3:46 \"row\"", "3:58 \"colour\"", "4:5 what the column is for", "5:5 is a map", "6:1 \"more\""];
        Assert.Equal(expected.Length, faults.Count);
        Assert.All(expected.Zip(faults), e =>
        {
            Assert.StartsWith(e.First.Split(' ')[0] + ": ", $"{e.Second.Line}:{e.Second.Column}: ");
            Assert.Contains(e.First[(e.First.IndexOf(' ') + 1)..], e.Second.Message);
        });
    }
}
