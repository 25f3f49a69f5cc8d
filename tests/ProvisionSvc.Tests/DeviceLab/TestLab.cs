using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using ProvisionSvc.DeviceLab;
using ProvisionSvc.DeviceLab.Switches;
using ProvisionSvc.Snmp;

namespace ProvisionSvc.Tests.DeviceLab;

/// <summary>A small lab without sshd, and hands to work on it: a terminal to type at and an SNMP manager of raw datagrams.</summary>
internal sealed class TestLab : IAsyncDisposable
{
    private readonly string _folder;

    private TestLab(LabHost host, FakeTimeProvider clock, string folder) => (Host, Clock, _folder) = (host, clock, folder);

    public LabHost Host { get; }

    public FakeTimeProvider Clock { get; }

    public SimSwitch First => Host.Switches[0];

    /// <summary>A port that is sold, and one that is not.</summary>
    public string Lit => Host.City.Services.First(s => s.Switch == First.Name).IfName;

    public string Dark => First.Model.Interfaces.First(i => i.Role == PortRole.Customer && Host.Control.State(First.Name, i.Name) is { AdminUp: false, Equipment: true }).Name;

    public static async Task<TestLab> StartAsync(Func<LabOptions, LabOptions>? with = null, string? folder = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
        folder ??= Directory.CreateTempSubdirectory("lab-test-").FullName;
        var options = new LabOptions { StateDirectory = folder, Switches = 2, Buildings = 2, Nodes = 1, Ssh = false, Clock = clock };
        return new TestLab(await LabHost.StartAsync(with?.Invoke(options) ?? options, TestContext.Current.CancellationToken), clock, folder);
    }

    public async Task<Terminal> LoginAsync()
    {
        var terminal = new Terminal(Host.OpenTerminal(First.Name), First.Name);
        await terminal.ReadToPromptAsync();
        return terminal;
    }

    public PortState Port(string ifName) => Host.Control.State(First.Name, ifName);

    /// <summary>Sends one request and gives the answer; null when there is none.</summary>
    public async Task<SnmpMessage?> AskAsync(SnmpPdu pdu, string? community = null)
    {
        var buffer = new byte[65507];
        Assert.True(SnmpMessageCodec.TryEncode(new SnmpMessage(SnmpVersion.V2c, Encoding.ASCII.GetBytes(community ?? Host.ReadCommunity), pdu), buffer, out var length));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(First.Address, Host.SnmpPort), TestContext.Current.CancellationToken);
        await socket.SendAsync(buffer.AsMemory(0, length), TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        // Silence cannot be proven by waiting for an event: half a second without an answer counts as none where none is expected.
        patience.CancelAfter(TimeSpan.FromSeconds(community == Silent ? 0.5 : 20));
        try
        {
            var received = await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
            LastLength = received;
            Assert.True(SnmpMessageCodec.TryDecode(buffer.AsSpan(0, received), out var answer, out var error), error);
            Assert.Equal(pdu.RequestId, answer.Pdu.RequestId);
            return answer;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Leave the state folder for a second start.</summary>
    public bool Keep { get; set; }

    public const string Silent = "wrong";

    public int LastLength { get; private set; }

    public Task<SnmpMessage?> GetAsync(params string[] oids) =>
        AskAsync(new SnmpPdu(PduType.Get, 7, [.. oids.Select(o => VarBind.Asking(Oid.Parse(o)))]));

    public Task<SnmpMessage?> SetAsync(string oid, SnmpValue value, string? community = null) =>
        AskAsync(new SnmpPdu(PduType.Set, 8, [new VarBind(Oid.Parse(oid), value)]), community ?? Host.WriteCommunity);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        if (!Keep) Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Types at a terminal and reads to the next prompt.</summary>
internal sealed class Terminal(Stream stream, string sysName) : IDisposable
{
    private readonly StringBuilder _unread = new();

    public async Task<string> SendAsync(string line)
    {
        await TypeAsync(line + "\r");
        return await ReadToPromptAsync();
    }

    public async Task TypeAsync(string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);

    public Task<string> ReadToPromptAsync() => ReadToAsync($@"(^|\n)[<\[]{Regex.Escape(sysName)}[^>\]\n]*[>\]]$");

    /// <summary>Everything up to where the text read so far ends in the pattern.</summary>
    public async Task<string> ReadToAsync(string pattern)
    {
        while (true)
        {
            var text = _unread.ToString();
            if (Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            {
                _unread.Clear();
                return text;
            }

            if (await ReadMoreAsync() == 0) throw new EndOfStreamException($"The session ended after: {text}");
        }
    }

    public async Task<string> ReadToEndAsync()
    {
        while (await ReadMoreAsync() > 0)
        {
        }

        return _unread.ToString();
    }

    private async Task<int> ReadMoreAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var buffer = new byte[4096];
        var read = await stream.ReadAsync(buffer, patience.Token);
        _unread.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return read;
    }

    public void Dispose() => stream.Dispose();
}
