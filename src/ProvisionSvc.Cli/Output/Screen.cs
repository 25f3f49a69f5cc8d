using Spectre.Console;

namespace ProvisionSvc.Cli.Output;

/// <summary>Where results are written: lines and named fields in tones, in one language. Tables are in <see cref="TableText"/>.</summary>
internal sealed class Screen
{
    /// <summary>The narrowest terminal that tables are made for.</summary>
    public const int LeastWidth = 80;

    // Lines are never broken by the library: the terminal does that, and a file keeps them whole. Tables are fitted by TableText.
    private const int Unbroken = 1_000_000;

    private readonly Lazy<IAnsiConsole> _console;
    private readonly TimeProvider _clock;

    public Screen(TextWriter output, int? terminalWidth, bool colour, Language language, TimeProvider clock)
    {
        Out = output;
        Language = language;
        _clock = clock;
        Width = terminalWidth is { } width ? Math.Max(width, LeastWidth) : null;
        _console = new(() => CreateConsole(output, colour));
    }

    public TextWriter Out { get; }

    public Language Language { get; }

    /// <summary>Cells of the terminal; null where the output goes to a file or another program and nothing need be shortened.</summary>
    public int? Width { get; }

    public IAnsiConsole Console => _console.Value;

    public string Say(Words words) => words.In(Language);

    public string Time(DateTimeOffset? at) => at is { } time ? Local(time).ToString("yyyy-MM-dd HH:mm:ss") : "";

    /// <summary>For narrow columns, as ls does it: the year only where it is not near.</summary>
    public string ShortTime(DateTimeOffset at) =>
        Local(at).ToString((_clock.GetUtcNow() - at).Duration() < TimeSpan.FromDays(180) ? "MM-dd HH:mm" : "yyyy-MM-dd");

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, _clock.LocalTimeZone);

    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        if (tone == Tone.Plain)
        {
            Out.WriteLine(TextWidth.Safe(text));
            return;
        }

        Console.Write(new Text(TextWidth.Safe(text), tone.Style()));
        Out.WriteLine();
    }

    public void Line(Words words, Tone tone = Tone.Plain) => Line(Say(words), tone);

    /// <summary>Names on the left, values on the right; a field without a value is left out.</summary>
    public void Fields(params ReadOnlySpan<Field> fields)
    {
        var width = 0;
        foreach (var field in fields)
        {
            width = string.IsNullOrEmpty(field.Value) ? width : Math.Max(width, TextWidth.Of(Say(field.Name)));
        }

        foreach (var field in fields)
        {
            if (!string.IsNullOrEmpty(field.Value))
            {
                Out.Write(TextWidth.Pad(Say(field.Name), width) + "  ");
                Line(field.Value, field.Tone);
            }
        }
    }

    private static IAnsiConsole CreateConsole(TextWriter output, bool colour)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = Unbroken;
        return console;
    }
}

/// <summary>A named value of one thing.</summary>
internal readonly record struct Field(Words Name, string? Value, Tone Tone = Tone.Plain);
