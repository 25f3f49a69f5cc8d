using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Output;

namespace ProvisionSvc.Cli.Running;

/// <summary>What a command works with while it runs.</summary>
internal sealed record Session(CommandHost Host, ApiClient Api, Screen Screen, Screen Notes, bool IsJson)
{
    public TimeProvider Clock => Host.Clock;

    public string Say(Words words) => Screen.Say(words);

    /// <summary>The answer, as JSON or as the given text.</summary>
    public void Show<T>(Answer<T> answer, Action<T> text)
    {
        if (IsJson)
        {
            Screen.Out.WriteLine(JsonText.Of(answer.Json));
        }
        else
        {
            text(answer.Value);
        }
    }

    /// <summary>Rows, as JSON or as a table.</summary>
    public void ShowTable<T>(Answer<T[]> answer, params Column<T>[] columns) => Show(answer, rows => Screen.Table(rows, columns));
}
