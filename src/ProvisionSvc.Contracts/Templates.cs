namespace ProvisionSvc.Contracts;

/// <summary>A family of switches as the service knows it.</summary>
public sealed record TemplateView
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Why no switch may be managed with it yet.</summary>
    public string? Draft { get; init; }

    /// <summary>False: spoken to by SNMP only.</summary>
    public bool Terminal { get; init; }

    public IReadOnlyList<string> SysObjectIds { get; init; } = [];

    public string? SysDescr { get; init; }

    public required IReadOnlyList<TemplateFieldView> Fields { get; init; }

    /// <summary>Lines fill a candidate that is committed.</summary>
    public bool Commits { get; init; }

    /// <summary>What it is saved with, or why there is nothing to save.</summary>
    public required string Save { get; init; }

    /// <summary>What shows its whole running configuration for the archive.</summary>
    public string? Archive { get; init; }
}

/// <summary>One intent field: by which channels it can be written and read, and which proves a change.</summary>
public sealed record TemplateFieldView(string Field, IReadOnlyList<string> Write, IReadOnlyList<string> Read, string Verify);

/// <summary>Which templates to check: the one of this name, or all; or the files given here, by their path in the template's folder.</summary>
public sealed record CheckTemplatesRequest
{
    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Files { get; init; }
}

/// <summary>What the check found: each template, and the number of faults in all.</summary>
public sealed record TemplateCheckView(IReadOnlyList<CheckedTemplateView> Templates, int Faults);

/// <summary>One template with the samples that were run (version and case), and what is wrong with it; draft says why no switch may be managed with it yet.</summary>
public sealed record CheckedTemplateView(string Name, string? Title, string? Draft, IReadOnlyList<string> Samples, IReadOnlyList<TemplateFaultView> Faults);

/// <summary>What is wrong, where in which file, and what to do about it.</summary>
public sealed record TemplateFaultView(string File, long Line, long Column, string Message, string Remedy);

/// <summary>A dry run of a template on a live switch, which need not be the switch's own.</summary>
public sealed record TryTemplateRequest
{
    public required string Switch { get; init; }

    /// <summary>The port to read; the first customer port that the template may type, where it is left out.</summary>
    public string? IfName { get; init; }
}

/// <summary>What came of it. Nothing was written.</summary>
public sealed record TriedTemplateView
{
    public required string Template { get; init; }

    public required string Switch { get; init; }

    public string? Draft { get; init; }

    public string? SysObjectId { get; init; }

    public string? SysDescr { get; init; }

    /// <summary>Whether the template's match fits what the switch says of itself.</summary>
    public bool Fits { get; init; }

    /// <summary>The switch's name as learnt from its prompt.</summary>
    public string? Host { get; init; }

    public string? IfName { get; init; }

    public IReadOnlyList<TriedReadView> Reads { get; init; } = [];

    /// <summary>Every field of the template: what was read, or that it was not.</summary>
    public IReadOnlyList<TriedFieldView> Reading { get; init; } = [];

    public string? OperStatus { get; init; }

    /// <summary>Why the port must not be written, as the switch shows it or as the plan says.</summary>
    public IReadOnlyList<string> Refusals { get; init; } = [];

    /// <summary>What would be typed to bring the port to its intent.</summary>
    public PlanView? Plan { get; init; }

    /// <summary>Where it stopped and why; absent where all of it was done.</summary>
    public string? Stopped { get; init; }

    /// <summary>The conversation, without secrets.</summary>
    public string? Transcript { get; init; }
}

/// <summary>One read of the template: the command as it was typed, and what the switch answered.</summary>
public sealed record TriedReadView(string Name, string Command, string Output);

/// <summary>A field's value by its channel; a value that is absent was read as "not set" where <paramref name="IsRead"/>.</summary>
public sealed record TriedFieldView(string Field, bool IsRead, string? Value, string Channel);

/// <summary>Records a sample of a live switch.</summary>
public sealed record RecordSampleRequest
{
    /// <summary>With this template; with the switch's own where it is left out.</summary>
    public string? Template { get; init; }

    /// <summary>These ports; a lit one, a free one and an uplink where it is left out.</summary>
    public IReadOnlyList<string>? IfNames { get; init; }
}

/// <summary>A sample's files, private text and secrets replaced; what a person should look at; and what the check says of them.</summary>
public sealed record RecordedSampleView(
    string Switch, string Template, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> Notes, IReadOnlyList<TemplateFaultView> Faults);
