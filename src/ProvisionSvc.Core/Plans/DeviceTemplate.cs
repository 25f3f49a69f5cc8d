using System.Text.RegularExpressions;
using ProvisionSvc.Core.Inventory;

namespace ProvisionSvc.Core.Plans;

/// <summary>Where a line of a template is typed.</summary>
public enum LineScope
{
    /// <summary>At the prompt after login.</summary>
    Exec,

    /// <summary>In the device's configuration mode.</summary>
    Configure,

    /// <summary>In the configuration of the port.</summary>
    Port,
}

/// <summary>By which way a field is written or read.</summary>
public enum Channel
{
    Terminal,
    Snmp,
}

/// <summary>A line of a template, with placeholders <c>{port}</c> and <c>{value}</c>.</summary>
public sealed record TemplateLine(LineScope Scope, string Text);

/// <summary>The lines that enter and leave a configuration level.</summary>
public sealed record LevelTemplate(IReadOnlyList<string> Enter, IReadOnlyList<string> Leave)
{
    public static LevelTemplate None { get; } = new([], []);

    /// <summary>
    /// Where lines only fill a candidate: what makes it run. Typed in configuration after a plan's last line; nothing has taken effect before.
    /// </summary>
    public IReadOnlyList<string> Commit { get; init; } = [];

    /// <summary>Where lines only fill a candidate: what empties it again when a line or the commit was refused.</summary>
    public IReadOnlyList<string> Abort { get; init; } = [];

    /// <summary>How long a commit may take; null: as long as any line.</summary>
    public TimeSpan? CommitDeadline { get; init; }

    /// <summary>
    /// The whole prompt, with <c>{port}</c>, in which lines for a port are typed, where the family names the port there. Another one means that they would reach
    /// another port.
    /// </summary>
    public string? Prompt { get; init; }

    /// <summary>How a change is tried out; null where the family cannot.</summary>
    public TrialTemplate? Trial { get; init; }
}

/// <summary>How a family tries a change out: unless it is told in time to keep it, it returns by itself to what was before.</summary>
/// <param name="Begin">Typed in configuration: instead of the commit where lines fill a candidate, else before the first line.</param>
/// <param name="Keep">Typed in configuration once the change is proven.</param>
/// <param name="Within">How long the device waits for <paramref name="Keep"/>.</param>
public sealed record TrialTemplate(IReadOnlyList<string> Begin, IReadOnlyList<string> Keep, TimeSpan Within)
{
    /// <summary>Only the session that began it may keep it. Elsewhere a new session does, which proves as well that the switch still lets us in.</summary>
    public bool SameSession { get; init; }

    /// <summary>Older releases do not know <see cref="Begin"/>; they are written without a trial.</summary>
    public bool MayFail { get; init; }
}

/// <summary>
/// How a field is read from the answer to a command: the last match of the pattern (of a list, all of them); its group <c>value</c>, or <see cref="Present"/>
/// where the match itself is the news, or of the mode the name of the group that matched; <see cref="Absent"/> where nothing matches.
/// </summary>
/// <param name="Command">Name of the command in <see cref="DeviceTemplate.Reads"/>.</param>
/// <param name="Scale">The device's number is the canonical one times this (1 where it is not a number).</param>
public sealed record ReadRule(string Command, Regex Pattern, string? Present, string? Absent, long Scale = 1)
{
    /// <summary>Where given, only an answer that matches this proves <see cref="Absent"/> (a device that prints <c>[]</c> rather than nothing).</summary>
    public Regex? AbsentProof { get; init; }

    /// <summary>False where silence proves nothing: without a match the field counts as not read instead of <see cref="Absent"/>.</summary>
    public bool SilenceIsAnAnswer { get; init; } = true;
}

/// <summary>Something that, seen on a port, forbids writing it, whatever the inventory says: a trunk, a LAG member (T9).</summary>
public sealed record PortGuard(string Command, Regex Pattern, string Why);

/// <summary>How one intent field is set, unset, rounded, read and verified by one family of switches.</summary>
public sealed record FieldTemplate
{
    /// <summary>Lines that bring the field to <c>{value}</c>; by case where the value is a word (adminStatus: <c>up</c>, <c>down</c>).</summary>
    public IReadOnlyList<TemplateLine> Set { get; init; } = [];

    /// <summary>Lines per word, for fields whose values are words.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<TemplateLine>> Cases { get; init; } = new Dictionary<string, IReadOnlyList<TemplateLine>>();

    /// <summary>Lines that take the field off the port.</summary>
    public IReadOnlyList<TemplateLine> Unset { get; init; } = [];

    /// <summary>Of a list: lines that put one more <c>{value}</c> on it. A list is never replaced: it may hold what others put there.</summary>
    public IReadOnlyList<TemplateLine> Add { get; init; } = [];

    /// <summary>Of a list: lines that take one <c>{value}</c> off it.</summary>
    public IReadOnlyList<TemplateLine> Remove { get; init; } = [];

    /// <summary>Every line by which this field is ever written.</summary>
    public IEnumerable<TemplateLine> AllLines => [.. Set, .. Unset, .. Cases.Values.SelectMany(l => l), .. Add, .. Remove];

    /// <summary>True where the field's standard column (<c>ifAdminStatus</c>, <c>ifAlias</c>, <c>dot1qPvid</c>) may be SET instead of typed.</summary>
    public bool SnmpSettable { get; init; }

    /// <summary>What the standard column shows where nothing is set: every port has a PVID. Null: an empty text.</summary>
    public string? SnmpNone { get; init; }

    public ReadRule? Read { get; init; }

    /// <summary>The channel that proves a change of this field; the other one than the change went by wherever the device can.</summary>
    public Channel VerifyBy { get; init; } = Channel.Terminal;

    /// <summary>Numbers are rounded up to a multiple of this many kbit/s by the device.</summary>
    public long Step { get; init; } = 1;

    /// <summary>What the device's number is multiplied with (1000 where it takes bit/s).</summary>
    public long Scale { get; init; } = 1;

    /// <summary>Texts longer than this are cut by the device.</summary>
    public int MaxLength { get; init; } = 255;
}

/// <summary>How the running configuration is made to survive a restart, and how that is proven.</summary>
/// <param name="Lines">The lines to type at the exec prompt; empty where the device keeps what it is told.</param>
/// <param name="Success">A pattern the answer must contain.</param>
/// <param name="VerifyCommand">Shows what is saved; <see cref="VerifySection"/> finds the port's part in it.</param>
/// <param name="VerifySection">The line, with <c>{port}</c>, under which the port's part stands indented.</param>
/// <param name="WhyNone">Where there is nothing to save: why.</param>
/// <param name="VerifyAs">The read whose rules also read the saved configuration; null: every read's.</param>
public sealed record SaveTemplate(
    IReadOnlyList<string> Lines, Regex? Success, string? VerifyCommand, string? VerifySection, TimeSpan Deadline, string? WhyNone, string? VerifyAs = null)
{
    /// <summary>Where nothing shows what was saved, so that only the device's own word proves a save: why.</summary>
    public string? WhyUnproven { get; init; }
}

/// <summary>A family of switches as data: what its fields are called, how they are read and what is typed to change them.</summary>
public sealed record DeviceTemplate
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Why the template must not be trusted with a switch yet (lines that nobody has seen work), or null.</summary>
    public string? Draft { get; init; }

    /// <summary>Prefixes of sysObjectID (dotted) that this family answers with.</summary>
    public IReadOnlyList<string> SysObjectIds { get; init; } = [];

    public Regex? SysDescr { get; init; }

    /// <summary>An ifName must match this as a whole before it may stand in a line.</summary>
    public required Regex PortPattern { get; init; }

    /// <summary>How an ifName is typed, by what it begins with: the agent says <c>Gi1/0/1</c>, the command line <c>GigabitEthernet1/0/1</c>.</summary>
    public IReadOnlyDictionary<string, string> LongNames { get; init; } = new Dictionary<string, string>();

    public LevelTemplate Configure { get; init; } = LevelTemplate.None;

    public LevelTemplate Port { get; init; } = LevelTemplate.None;

    /// <summary>Commands that read, by name; <c>{port}</c> is the only placeholder.</summary>
    public IReadOnlyDictionary<string, string> Reads { get; init; } = new Dictionary<string, string>();

    /// <summary>Per read: the line, with <c>{port}</c>, under which the port's part stands indented. An answer without it proves nothing.</summary>
    public IReadOnlyDictionary<string, string> Sections { get; init; } = new Dictionary<string, string>();

    /// <summary>What, seen on a port, forbids writing it.</summary>
    public IReadOnlyList<PortGuard> Guards { get; init; } = [];

    public IReadOnlyDictionary<IntentField, FieldTemplate> Fields { get; init; } = new Dictionary<IntentField, FieldTemplate>();

    /// <summary>The only first words a line of this template may begin with (T8).</summary>
    public IReadOnlyList<string> FirstWords { get; init; } = [];

    public required SaveTemplate Save { get; init; }

    /// <summary>True where a port can be made to carry VLANs with their tags.</summary>
    public bool CanTrunk => Fields.TryGetValue(IntentField.Mode, out var mode) && mode.Cases.ContainsKey(PortIntent.TrunkMode) && Fields.ContainsKey(IntentField.AllowedVlans);

    /// <summary>The port's name as this family's command line has it; the longest beginning that is listed counts.</summary>
    public string Typed(string ifName) =>
        LongNames.Keys.Where(n => ifName.StartsWith(n, StringComparison.Ordinal)).MaxBy(n => n.Length) is { } shortName
            ? LongNames[shortName] + ifName[shortName.Length..]
            : ifName;

    /// <summary>True where <paramref name="prompt"/> does not speak against typing lines for this port.</summary>
    public bool IsPromptOf(PortName port, string prompt) => Port.Prompt is not { } pattern || Regex.IsMatch(
        prompt, $@"\A(?:{pattern.Replace("{port}", Regex.Escape(Typed(port.IfName)), StringComparison.Ordinal)})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>A line with the port's name put in.</summary>
    public string Typed(string line, PortName port) => line.Replace("{port}", Typed(port.IfName), StringComparison.Ordinal);
}
