namespace ProvisionSvc.IntegrationTests.Infrastructure;

/// <summary>The checkout that the tests were built in.</summary>
public static class Checkout
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string Find(DirectoryInfo folder) =>
        System.IO.File.Exists(Path.Combine(folder.FullName, "ProvisionSvc.sln")) ? folder.FullName
        : Find(folder.Parent ?? throw new InvalidOperationException("These tests run in a checkout."));
}
