using System.Text.RegularExpressions;

namespace ProvisionSvc.Core.Plans;

/// <summary>
/// The commands in a line, and the words they begin with. One line may hold several commands, one inside another too (<c>$(…)</c> on a shell, <c>[…]</c> on
/// RouterOS); each counts like a line of its own (T8).
/// </summary>
public static class CommandWords
{
    private static readonly Regex Separators = new(@"\|\||&&|[;|&()\[\]]", RegexOptions.NonBacktracking);
    private static readonly Regex Quoted = new("'[^']*'|\"[^\"`$]*\"", RegexOptions.NonBacktracking);
    private static readonly Regex Arithmetic = new(@"\$\(\([^()]*\)\)", RegexOptions.NonBacktracking);

    // A shell variable of the session's own. PATH, LD_PRELOAD and the like would change what the allowed words mean.
    private static readonly Regex Assignment = new(@"\A(?:[a-z]\w*|PS[12])=\S*\z", RegexOptions.NonBacktracking);

    /// <summary>The line without what stands in quotes, which is no command; <c>$(</c> in double quotes would be, so those stay.</summary>
    public static string WithoutQuotes(string line) => Quoted.Replace(line, "''");

    /// <summary>Each command as its words; an assignment is none.</summary>
    public static IEnumerable<string[]> Commands(string line) => Separators
        .Split(Arithmetic.Replace(WithoutQuotes(line), "0").Replace("$(", "(", StringComparison.Ordinal))
        .Select(c => c.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 0);

    public static bool IsAssignment(string[] command) => command.All(w => Assignment.IsMatch(w));

    /// <summary>The word in front of every command of the line.</summary>
    public static IEnumerable<string> First(string line) => Commands(line).Where(c => !IsAssignment(c)).Select(c => c[0]);
}
