using ProvisionSvc.Cli.Output;
using ProvisionSvc.Cli.Running;

namespace ProvisionSvc.Cli.Credentials;

/// <summary><c>credential set</c>: secrets come from files, variables or a prompt, and go to the service only.</summary>
internal static class SetCredential
{
    public static UseCase Create()
    {
        var name = Values.Name("NAME", "Name of the credential, as switches refer to it");
        var user = Values.Text("--user", "USER", "Login name on the switches").Needed();
        var password = new SecretSource("--password-file", "password", "PROVISION_SSH_PASSWORD");
        var key = new SecretSource("--private-key-file", "private key (OpenSSH or PEM)", "PROVISION_SSH_PRIVATE_KEY");
        var enable = new SecretSource("--enable-file", "enable secret", "PROVISION_ENABLE_SECRET");
        var snmpRead = new SecretSource("--snmp-read-file", "SNMP read community", "PROVISION_SNMP_READ");
        var snmpWrite = new SecretSource("--snmp-write-file", "SNMP write community", "PROVISION_SNMP_WRITE");
        return new UseCase(
            "set",
            "Set what switches are logged in with and asked with. Secrets are read from files, from environment variables or from a prompt; never from the "
            + "command line, which every user of the machine can see",
            [
                "credential set lab --user provision --private-key-file ~/.ssh/provision --snmp-read-file read.txt --snmp-write-file write.txt",
                "credential set access --user provision     (asks for the password and the read community)",
            ],
            [name, user, password.File, key.File, enable.File, snmpRead.File, snmpWrite.File],
            async (parse, session, ct) =>
            {
                var privateKey = key.Read(parse, session);
                var saved = await session.Api.SetCredentialAsync(
                    parse.GetRequiredValue(name),
                    new()
                    {
                        User = parse.GetRequiredValue(user)!,
                        PrivateKey = privateKey is null ? null : $"{privateKey}\n",
                        Password = privateKey is null ? password.ReadOrAsk(parse, session) : password.Read(parse, session),
                        EnableSecret = enable.Read(parse, session),
                        SnmpReadCommunity = snmpRead.ReadOrAsk(parse, session),
                        SnmpWriteCommunity = snmpWrite.Read(parse, session),
                    },
                    ct);
                session.Show(saved, view => session.Screen.Fields(
                    new(("credential", "凭据"), view.Name, Tone.Strong),
                    new(("user", "用户"), view.User),
                    new(("generation", "版本"), $"{view.Generation}"),
                    new(("switches", "交换机"), $"{view.Switches}")));
                return ExitCode.Done;
            });
    }
}
