using YamlDotNet.Core;

namespace ProvisionSvc.Devices.Templates;

/// <summary>One thing that is wrong with a file of device-templates, and what to do about it.</summary>
public sealed record TemplateFault(string File, long Line, long Column, string Message, string Remedy)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {Message} {Remedy}";
}

/// <summary>Templates that must not be used; the message lists every fault.</summary>
public sealed class TemplateException(IReadOnlyList<TemplateFault> faults)
    : Exception(string.Join('\n', faults.Select(f => f.ToString()).Prepend($"{faults.Count} faults in the device templates:")))
{
    public IReadOnlyList<TemplateFault> Faults => faults;
}

/// <summary>Collects the faults of one file, so that its author sees all of them at once.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<TemplateFault> _faults = [];

    public IReadOnlyList<TemplateFault> InOrder => [.. _faults.Distinct().OrderBy(f => f.Line).ThenBy(f => f.Column)];

    public bool Any => _faults.Count > 0;

    public void Add(Mark at, string message, string remedy) => _faults.Add(new(file, at.Line, at.Column, message, remedy));

    public void Add(YamlNode at, string message, string remedy) => Add(at.At, message, remedy);
}
