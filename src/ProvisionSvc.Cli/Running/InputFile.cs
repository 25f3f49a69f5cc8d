using System.Text;
using ProvisionSvc.Cli.Api;

namespace ProvisionSvc.Cli.Running;

/// <summary>Reading what a person named on the command line.</summary>
internal static class InputFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file; a file that cannot be read is the person's to mend, said in one line.</summary>
    public static string ReadText(string path, string what)
    {
        try
        {
            return File.ReadAllText(path, Strict);
        }
        catch (DecoderFallbackException e)
        {
            throw new UsageException($"{what} {path}: it is not UTF-8 text (byte {e.Index}); save it as UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{what} {path}: {e.Message}");
        }
    }
}
