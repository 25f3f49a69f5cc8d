using System.Net;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Recordings;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>Recordings as they are met in the field, and the agent that serves one.</summary>
public sealed class RecordingTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lab-recording-");
    private readonly SnmpClient _client = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("1.3.6.1|2|-5", "Integer32 -5")]
    [InlineData("1.3.6.1|4|a|b ", "OctetString \"a|b \"")]
    [InlineData("1.3.6.1|4|", "OctetString \"\"")]
    [InlineData("1.3.6.1|4|h\u00FC", "OctetString 0x68FC")]
    [InlineData("1.3.6.1|4x|00ff", "OctetString 0x00FF")]
    [InlineData("1.3.6.1|4x|00ffa", "OctetString 0x00FFA0")]
    [InlineData(@"1.3.6.1|4e|a\x00\n\\\'\x7e", "OctetString 0x61000A5C277E")]
    [InlineData("1.3.6.1|5|", "Null")]
    [InlineData("1.3.6.1|6|.1.3.6.1.4.1", "ObjectIdentifier 1.3.6.1.4.1")]
    [InlineData("1.3.6.1|64|10.1.2.3", "IpAddress 10.1.2.3")]
    [InlineData("1.3.6.1|64x|0a010203", "IpAddress 10.1.2.3")]
    [InlineData("1.3.6.1|65|4294967295", "Counter32 4294967295")]
    [InlineData("1.3.6.1|66|7", "Gauge32 7")]
    [InlineData("1.3.6.1|67|100", "TimeTicks 100")]
    [InlineData("1.3.6.1|68x|9f7804", "Opaque 0x9F7804")]
    [InlineData("1.3.6.1|70|18446744073709551615", "Counter64 18446744073709551615")]
    [InlineData("1.3.6.1|2|7\r", "Integer32 7")]
    public void Every_kind_of_line_is_read(string line, string value)
    {
        var recording = SnmprecFile.Parse("x", line + "\n");

        Assert.Empty(recording.Skipped);
        Assert.Equal(value, Assert.Single(recording.Variables).Value.ToString());
    }

    [Fact]
    public void Disorder_leading_dots_and_doubled_OIDs_are_put_right()
    {
        var recording = SnmprecFile.Parse("x", "# a comment\n.1.3.6.1.10|2|1\n1.3.6.1.9|2|2\n\n1.3.6.1.10|2|3\n1.3.6.1.4294967295|2|4");

        Assert.Equal(["1.3.6.1.9 = Integer32 2", "1.3.6.1.10 = Integer32 1", "1.3.6.1.4294967295 = Integer32 4"], recording.Variables.Select(v => v.ToString()));
    }

    [Theory]
    [InlineData("1.3.6.1|2|4294967295")]
    [InlineData("1.3.6.1|65|-1")]
    [InlineData("1.3.6.1|2|")]
    [InlineData("1.3.6.1|4x|0g")]
    [InlineData(@"1.3.6.1|4e|\x0")]
    [InlineData(@"1.3.6.1|4e|\q")]
    [InlineData(@"1.3.6.1|4e|\")]
    [InlineData("1.3.6.1|64|::1")]
    [InlineData("1.3.6.1|64|nowhere")]
    [InlineData("1.3.6.1|6|3.1")]
    [InlineData("1.40|2|1")]
    [InlineData("1|2|1")]
    [InlineData("x|2|1")]
    [InlineData("1.3.6.1|130|")]
    [InlineData("1.3.6.1|2:writecache|value=1")]
    [InlineData("1.3.6.1 = 5")]
    public void What_no_agent_could_send_is_left_out_and_named(string line)
    {
        var recording = SnmprecFile.Parse("x", $"1.3.6.1.1|2|1\n{line}\n1.3.6.1.3|2|3\n");

        Assert.Equal(2, recording.Variables.Count);
        Assert.Equal(2, Assert.Single(recording.Skipped).Line);
    }

    [Fact]
    public async Task A_missing_variable_is_told_from_a_missing_object()
    {
        await using var host = await StartAsync("1.3.6.1.2.1.1.5.0|4|a\n1.3.6.1.2.1.2.2.1.7.1|2|1\n");
        Oid[] asked = [Oid.Parse("1.3.6.1.2.1.2.2.1.7.2"), SystemMib.SysName, Oid.Parse("1.3.6.1.4.1.9.1")];

        var v2 = await _client.GetAsync(Target(host), asked, Ct);
        var v1 = await _client.GetAsync(Target(host) with { Version = SnmpVersion.V1 }, asked, Ct);

        Assert.Equal([SnmpType.NoSuchInstance, SnmpType.OctetString, SnmpType.NoSuchObject], v2.Select(v => v.Value.Type));
        Assert.Equal([SnmpType.NoSuchInstance, SnmpType.OctetString, SnmpType.NoSuchInstance], v1.Select(v => v.Value.Type));
    }

    [Fact]
    public async Task Version_1_steps_over_Counter64()
    {
        await using var host = await StartAsync("1.3.6.1.2.1.1|2|1\n1.3.6.1.2.1.2|70|5\n1.3.6.1.2.1.3|70|6\n1.3.6.1.2.1.4|2|2\n");

        var v2 = await _client.WalkAsync(Target(host), Oid.Parse("1.3.6.1"), SnmpReadLimits.Default, Ct);
        var v1 = await _client.WalkAsync(Target(host) with { Version = SnmpVersion.V1 }, Oid.Parse("1.3.6.1"), SnmpReadLimits.Default, Ct);

        Assert.Equal((4, 2), (v2.VarBinds.Count, v1.VarBinds.Count));
        Assert.True(v2.Complete && v1.Complete);
    }

    [Fact]
    public async Task Nothing_is_written()
    {
        await using var host = await StartAsync("1.3.6.1.2.1.1.5.0|4|a\n");
        VarBind[] other = [new(SystemMib.SysName, SnmpValue.OctetString("b"))];

        var v2 = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(Target(host), other, Ct));
        var v1 = await Assert.ThrowsAsync<SnmpException>(() => _client.SetAsync(Target(host) with { Version = SnmpVersion.V1 }, other, Ct));

        Assert.Equal((SnmpFault.NotPermitted, SnmpFault.NoSuchName), (v2.Fault, v1.Fault));
        Assert.Equal("a", (await _client.GetAsync(Target(host), [SystemMib.SysName], Ct))[0].Value.Text);
    }

    [Fact]
    public async Task A_wrong_community_gets_silence()
    {
        await using var host = await StartAsync("1.3.6.1.2.1.1.5.0|4|a\n");

        var silent = await Assert.ThrowsAsync<SnmpException>(() => _client.GetAsync(
            Target(host) with { Community = "other", Retries = 0, Timeout = TimeSpan.FromMilliseconds(200) }, [SystemMib.SysName], Ct));

        Assert.Equal(SnmpFault.Timeout, silent.Fault);
    }

    [Fact]
    public async Task Answers_keep_to_the_message_size_and_a_longer_variable_still_gets_through()
    {
        var lines = string.Concat(Enumerable.Range(1, 100).Select(i => $"1.3.6.1.2.1.1.{i}|4|{new string('x', 100)}\n"));
        await using var small = await StartAsync(lines, o => o with { MaxMessage = 600 });
        await using var large = await StartAsync($"{lines}1.3.6.1.2.1.2.1|4|{new string('y', 3000)}\n", o => o with { MaxMessage = 600 });

        var bulk = await _client.GetBulkAsync(Target(small), [Oid.Parse("1.3.6.1")], 0, 50, Ct);
        var tooBig = await Assert.ThrowsAsync<SnmpException>(() => _client.GetNextAsync(
            Target(small), [.. Enumerable.Range(1, 10).Select(i => Oid.Parse($"1.3.6.1.2.1.1.{i}"))], Ct));
        var all = await _client.WalkAsync(Target(large), Oid.Parse("1.3.6.1"), SnmpReadLimits.Default, Ct);

        Assert.InRange(bulk.Count, 2, 5);
        Assert.Equal(SnmpFault.TooBig, tooBig.Fault);
        Assert.True(all.Complete, all.End.ToString());
        Assert.Equal((101, 3000), (all.VarBinds.Count, all.VarBinds[^1].Value.Octets.Length));
    }

    [Fact]
    public async Task Agents_stand_at_the_next_addresses_in_the_order_of_their_names()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "b.snmprec"), "1.3.6.1.2.1.1.5.0|4|b\n", Ct);
        await using var host = await StartAsync("1.3.6.1.2.1.1.5.0|4|a\n", o => o with { Base = IPAddress.Parse("127.3.1.0") });

        Assert.Equal(["a 127.3.1.1", "b 127.3.1.2"], host.Agents.Select(a => $"{a.Recording.Name} {a.EndPoint.Address}"));
        Assert.All(host.Agents, a => Assert.Equal(host.SnmpPort, a.EndPoint.Port));
        Assert.Equal("b", (await _client.GetAsync(Target(host, 1), [SystemMib.SysName], Ct))[0].Value.Text);
    }

    [Fact]
    public async Task What_cannot_be_served_is_said_before_anything_starts()
    {
        var wrong = new RecordingOptions { Directory = Path.Combine(_folder.FullName, "none"), Base = IPAddress.Parse("10.0.0.0"), Community = "", MaxMessage = 5 };

        var all = await Assert.ThrowsAsync<LabException>(() => RecordingHost.StartAsync(wrong, Ct));
        var empty = await Assert.ThrowsAsync<LabException>(() => RecordingHost.StartAsync(new RecordingOptions { Directory = _folder.FullName }, Ct));

        Assert.Contains("MaxMessage", all.Message);
        Assert.Contains("127.x.y.0", all.Message);
        Assert.Contains("community", all.Message);
        Assert.Contains("no folder", all.Message);
        Assert.Contains("No *.snmprec", empty.Message);
    }

    private async Task<RecordingHost> StartAsync(string text, Func<RecordingOptions, RecordingOptions>? with = null)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "a.snmprec"), text, Ct);
        var options = new RecordingOptions { Directory = _folder.FullName };
        return await RecordingHost.StartAsync(with?.Invoke(options) ?? options, Ct);
    }

    private static SnmpTarget Target(RecordingHost host, int agent = 0) => new(host.Agents[agent].EndPoint) { Community = host.Community };
}
