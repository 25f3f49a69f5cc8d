using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ProvisionSvc.Cli.Running;

/// <summary>Arguments and options that several commands take, and how their values are read.</summary>
internal static class Values
{
    public static Argument<string> Name(string placeholder, string description) => new(placeholder) { Description = description };

    public static Argument<long> Number(string placeholder, string description) => new(placeholder)
    {
        Description = description,
        CustomParser = result => ReadAs<long?>(
            result, text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null, "a number") ?? 0,
    };

    public static Option<string?> Text(string name, string placeholder, string description) => new(name) { HelpName = placeholder, Description = description };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    public static Option<int?> Limit() => new("--limit") { HelpName = "N", Description = "At most so many, newest first" };

    public static Option<string?> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', values), Description = description };
        return option.AcceptOnlyFromAmong(values);
    }

    public static Option<T> Needed<T>(this Option<T> option)
    {
        option.Required = true;
        return option;
    }

    public static Option<decimal?> Rate(string name, string description) => new(name)
    {
        HelpName = "MBPS", Description = description,
        CustomParser = result => ReadAs<decimal?>(
            result, text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate > 0 ? rate : null,
            "Mbit/s above zero, such as 100 or 2.5"),
    };

    /// <summary>A moment; the offset is asked for, since the service may run in another time zone.</summary>
    public static Option<DateTimeOffset?> Moment(string name, string description) => new(name)
    {
        HelpName = "TIME", Description = description,
        CustomParser = result => ReadAs<DateTimeOffset?>(
            result, text => DateTimeOffset.TryParseExact(text, IsoFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
            "a time with its offset (ISO 8601), such as 2030-01-31T09:00+08:00 or 2030-01-31T01:00:00Z"),
    };

    /// <summary>A day as its first moment where the command runs, or a moment as <see cref="Moment"/> reads it.</summary>
    public static Option<DateTimeOffset?> Day(string name, string description) => new(name)
    {
        HelpName = "DATE", Description = description,
        CustomParser = result => ReadAs<DateTimeOffset?>(
            result,
            text => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var day) ? new DateTimeOffset(day)
                : DateTimeOffset.TryParseExact(text, IsoFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null,
            "a date such as 2030-01-31, or a time with its offset (ISO 8601)"),
    };

    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        HelpName = "TIME", Description = description, CustomParser = result => ReadAs(result, ReadDuration, "a time such as 90s, 2m or 1h"),
    };

    private static readonly string[] IsoFormats =
    [
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
    ];

    private static TimeSpan? ReadDuration(string text)
    {
        var seconds = text.Length == 0 ? 0 : text[^1] switch { 'h' => 3600, 'm' => 60, _ => 1 };
        var digits = text.TrimEnd('s', 'm', 'h');
        return text.Length - digits.Length <= 1 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && seconds > 0
            ? TimeSpan.FromSeconds((double)count * seconds)
            : null;
    }

    private static T? ReadAs<T>(ArgumentResult result, Func<string, T?> read, string expected)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (read(text) is { } value)
        {
            return value;
        }

        result.AddError($"\"{text}\" is not {expected}.");
        return default;
    }
}
