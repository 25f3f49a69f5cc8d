namespace ProvisionSvc.Devices.Templates;

/// <summary>Every key a template may have, by the map it stands in. device-templates/README.md explains each of them; a test compares.</summary>
public static class TemplateKeys
{
    internal static readonly string[] Top =
        ["name", "title", "draft", "match", "ports", "firstWords", "allow", "terminal", "configure", "port", "reads", "refuse", "fields", "save", "archive"];

    internal static readonly string[] Match = ["sysObjectId", "sysDescr", "byHand"];

    internal static readonly string[] Ports = ["pattern", "longNames"];

    internal static readonly string[] Allow = ["word", "why"];

    internal static readonly string[] Terminal =
    [
        "lineEnd", "prompt", "initialPrompt", "login", "questions", "pagers", "errors", "harmless", "logLines", "sessionLimits", "lines", "logout", "echoes",
        "forbiddenCharacters", "legacyAlgorithms", "shortestHost", "terminalType", "deadline", "loginDeadline", "settle", "maxOutput",
    ];

    internal static readonly string[] LoginStep = ["send", "mayFail", "prompt", "questions"];

    internal static readonly string[] Question = ["when", "answer", "enter"];

    internal static readonly string[] Configure = ["enter", "leave", "commit", "abort", "deadline", "confirm"];

    internal static readonly string[] Confirm = ["begin", "keep", "within", "sameSession", "mayFail"];

    internal static readonly string[] Port = ["enter", "leave", "prompt"];

    internal static readonly string[] ReadCommand = ["command", "section"];

    internal static readonly string[] Refuse = ["from", "match", "why"];

    internal static readonly string[] AdminStatus = ["up", "down", "snmp", "verify", "read"];

    internal static readonly string[] Mode = ["access", "trunk", "unset", "read"];

    internal static readonly string[] AllowedVlans = ["add", "remove", "read"];

    internal static readonly string[] NativeVlan = ["set", "unset", "read"];

    internal static readonly string[] AccessVlan = ["set", "unset", "snmp", "none", "verify", "read"];

    internal static readonly string[] Rate = ["set", "unset", "step", "scale", "verify", "read"];

    internal static readonly string[] Alias = ["set", "unset", "snmp", "maxLength", "verify", "read"];

    internal static readonly string[] Line = ["exec", "configure", "port"];

    internal static readonly string[] Read = ["from", "match", "present", "absent", "absentWhen", "scale"];

    internal static readonly string[] Save = ["none", "lines", "questions", "success", "deadline", "verify"];

    internal static readonly string[] SaveVerify = ["none", "command", "section", "readAs"];

    internal static readonly string[] Archive = ["command", "deadline", "ignore", "secrets"];

    internal static readonly string[] Standard = ["columns"];

    internal static readonly string[] Column = ["name", "oid", "type", "index", "field", "inventory"];

    internal static readonly string[] Sample = ["source", "about", "walk", "cases", "prompts", "errors", "questions", "saves"];

    internal static readonly string[] SampleCase = ["port", "outputs", "reading", "refusals", "saved", "savedReading", "agent"];

    internal static readonly string[] SamplePrompts = ["host", "good", "bad"];

    internal static readonly string[] SampleErrors = ["rejected", "accepted"];

    internal static readonly string[] SampleQuestion = ["of", "says", "answer"];

    internal static readonly string[] SampleSaves = ["succeeded", "failed"];

    /// <summary>The keys by the heading under which the README lists them.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> BySection { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["template"] = Top,
        ["match"] = Match,
        ["ports"] = Ports,
        ["allow"] = Allow,
        ["terminal"] = Terminal,
        ["login line"] = LoginStep,
        ["question"] = Question,
        ["configure"] = Configure,
        ["configure.confirm"] = Confirm,
        ["port"] = Port,
        ["reads"] = ReadCommand,
        ["refuse"] = Refuse,
        ["fields.adminStatus"] = AdminStatus,
        ["fields.mode"] = Mode,
        ["fields.accessVlan"] = AccessVlan,
        ["fields.allowedVlans"] = AllowedVlans,
        ["fields.nativeVlan"] = NativeVlan,
        ["fields.rateDown and fields.rateUp"] = Rate,
        ["fields.alias"] = Alias,
        ["line"] = Line,
        ["read"] = Read,
        ["save"] = Save,
        ["save.verify"] = SaveVerify,
        ["archive"] = Archive,
        ["standard.yaml"] = Standard,
        ["column"] = Column,
        ["expected.yaml"] = Sample,
        ["case"] = SampleCase,
        ["prompts"] = SamplePrompts,
        ["errors"] = SampleErrors,
        ["questions"] = SampleQuestion,
        ["saves"] = SampleSaves,
    };
}
