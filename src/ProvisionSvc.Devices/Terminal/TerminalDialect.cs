namespace ProvisionSvc.Devices.Terminal;

/// <summary>How a family's command line looks; pure data. Regular expressions are written unanchored: the engine anchors them.</summary>
public sealed record TerminalDialect
{
    /// <summary>What ends a sent line.</summary>
    public string LineEnd { get; init; } = "\n";

    /// <summary>
    /// The prompt, matched against the whole last line of the output. Group <c>host</c> is learnt at login and pinned (see <see cref="ShortestHost"/>);
    /// group <c>status</c> is the exit status of a shell: not zero means rejected.
    /// </summary>
    public required string Prompt { get; init; }

    /// <summary>The prompt before the <see cref="Login"/> lines changed it (shells); null: the same.</summary>
    public string? InitialPrompt { get; init; }

    /// <summary>Lines sent after the first prompt, in order.</summary>
    public IReadOnlyList<LoginStep> Login { get; init; } = [];

    /// <summary>Questions asked before the first prompt, e.g. "change the password now?".</summary>
    public IReadOnlyList<Dialogue> LoginDialogues { get; init; } = [];

    /// <summary>Pagers that appear although they were switched off.</summary>
    public IReadOnlyList<Dialogue> Pagers { get; init; } = [];

    /// <summary>A line of output that one of these finds means that the sent line was rejected.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>Error lines that mean "it is already so" and do not reject.</summary>
    public IReadOnlyList<string> Harmless { get; init; } = [];

    /// <summary>Lines that the device prints on its own at any moment (log messages); taken out of every output.</summary>
    public IReadOnlyList<string> LogLines { get; init; } = [];

    /// <summary>What the device says before it hangs up because all its sessions are taken.</summary>
    public IReadOnlyList<string> SessionLimits { get; init; } = ["session limit", "no free (vty|user interface)", "user interfaces are (used|busy)", "too many (users|sessions)"];

    /// <summary>
    /// Where the device says before its first prompt how many sessions it has (group <c>max</c>) and how many are taken, ours among them (group <c>used</c>).
    /// A session that took the last one leaves at once: people must get in.
    /// </summary>
    public string? Lines { get; init; }

    /// <summary>Lines that leave any mode and log out, e.g. <c>return</c>, <c>quit</c>.</summary>
    public IReadOnlyList<string> Logout { get; init; } = [];

    /// <summary>The device repeats what is typed; then every line sent must come back before its answer counts.</summary>
    public bool Echoes { get; init; } = true;

    /// <summary>Characters that do something of their own when typed (<c>?</c> asks for help) and are refused in a line.</summary>
    public string ForbiddenCharacters { get; init; } = "?";

    /// <summary>SSH algorithm names allowed for this family beyond the modern ones.</summary>
    public IReadOnlyList<string> LegacyAlgorithms { get; init; } = [];

    /// <summary>A device may show a hostname cut to its first characters (IOS: 20 in configuration mode), but not to fewer than this.</summary>
    public int ShortestHost { get; init; } = 16;

    /// <summary>The terminal type asked for.</summary>
    public string TerminalType { get; init; } = "vt100";

    /// <summary>How long a line may take.</summary>
    public TimeSpan LineDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long connecting, and logging in after that, may take (each).</summary>
    public TimeSpan LoginDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the output must rest before its end is taken for a prompt: a look-alike inside the output is followed by more.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How much one line may answer; more ends the session.</summary>
    public int MaxOutputBytes { get; init; } = 1024 * 1024;
}

/// <summary>A line sent while logging in. <paramref name="Prompt"/> is what follows it where that is not yet the dialect's prompt.</summary>
public sealed record LoginStep(string Send, bool MayFail = false, string? Prompt = null, IReadOnlyList<Dialogue>? Dialogues = null);

/// <summary>
/// A question and its answer. <paramref name="When"/> is matched against the end of the output. <paramref name="Answer"/> may be
/// <see cref="Password"/> or <see cref="EnableSecret"/>; <paramref name="Enter"/> = false sends it without a line end (pagers).
/// </summary>
public sealed record Dialogue(string When, string Answer, bool Enter = true)
{
    /// <summary>Stands for the login's password.</summary>
    public const string Password = "{password}";

    /// <summary>Stands for the login's enable secret.</summary>
    public const string EnableSecret = "{enable-secret}";

    /// <summary>A secret is said once: who is asked for it again has been refused, and may be locked out by trying on (T19).</summary>
    public bool IsSecret => Answer is Password or EnableSecret;
}
