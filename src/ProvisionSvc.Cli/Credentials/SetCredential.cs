using System.CommandLine;
using ProvisionSvc.Cli.Api;
using ProvisionSvc.Cli.Running;
using ProvisionSvc.Contracts;

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
        var passphrase = new SecretSource("--passphrase-file", "private key's passphrase", "PROVISION_SSH_PASSPHRASE");
        var enable = new SecretSource("--enable-file", "enable secret", "PROVISION_ENABLE_SECRET");
        var snmpRead = new SecretSource("--snmp-read-file", "SNMP read community", "PROVISION_SNMP_READ");
        var snmpWrite = new SecretSource("--snmp-write-file", "SNMP write community", "PROVISION_SNMP_WRITE");
        var v3 = new SnmpV3Source();
        return new UseCase(
            "set",
            "Set what switches are logged in with and asked with: the first generation, or the next one beside that which switches take now. Secrets are read from "
            + "files, from environment variables or from a prompt; never from the command line, which every user of the machine can see",
            [
                "credential set lab --user provision --private-key-file ~/.ssh/provision --snmp-read-file read.txt --snmp-write-file write.txt",
                "credential set access --user provision     (asks for the password and the read community)",
                "credential set access --user provision --password-file ssh.txt --snmp-user poll --snmp-auth sha256 --snmp-auth-file a.txt --snmp-priv aes128 --snmp-priv-file p.txt",
            ],
            [name, user, password.File, key.File, passphrase.File, enable.File, snmpRead.File, snmpWrite.File, .. v3.Options],
            async (parse, session, ct) =>
            {
                var privateKey = key.Read(parse, session);
                var saved = await session.Api.SetCredentialAsync(
                    parse.GetRequiredValue(name),
                    new()
                    {
                        User = parse.GetRequiredValue(user)!,
                        PrivateKey = privateKey is null ? null : $"{privateKey}\n",
                        PrivateKeyPassphrase = passphrase.Read(parse, session),
                        Password = privateKey is null ? password.ReadOrAsk(parse, session) : password.Read(parse, session),
                        EnableSecret = enable.Read(parse, session),
                        SnmpReadCommunity = v3.IsGiven(parse) ? snmpRead.Read(parse, session) : snmpRead.ReadOrAsk(parse, session),
                        SnmpWriteCommunity = snmpWrite.Read(parse, session),
                        SnmpV3 = v3.IsGiven(parse) ? v3.Read(parse, session) : null,
                    },
                    ct);
                session.Show(saved, view => CredentialText.Show(session.Screen, view));
                CredentialText.Advise(session, saved.Value);
                return ExitCode.Done;
            });
    }
}

/// <summary>The options of <c>credential set</c> that say as whom agents are asked in SNMPv3.</summary>
internal sealed class SnmpV3Source
{
    private readonly User _reader = new("--snmp", "SNMPv3", "PROVISION_SNMP");
    private readonly User _writer = new("--snmp-write", "SNMPv3 writer's", "PROVISION_SNMP_WRITE");
    private readonly Option<string?> _context = Values.Text("--snmp-context", "CONTEXT", "SNMPv3 context; mostly none");

    public IEnumerable<Symbol> Options => [.. _reader.Options, .. _writer.Options, _context];

    public bool IsGiven(ParseResult parse) => _reader.IsGiven(parse) || _writer.IsGiven(parse) || parse.GetValue(_context) is not null;

    public SnmpV3Request Read(ParseResult parse, Session session) => new()
    {
        Reader = _reader.Read(parse, session),
        Writer = _writer.IsGiven(parse) ? _writer.Read(parse, session) : null,
        Context = parse.GetValue(_context),
    };

    private sealed class User(string option, string whose, string variable)
    {
        private readonly Option<string?> _name = Values.Text($"{option}-user", "USER", $"{whose} user: agents are asked in v3 then, not by communities");
        private readonly Option<string?> _auth = Values.OneOf($"{option}-auth", $"{whose} authentication", "md5", "sha1", "sha224", "sha256", "sha384", "sha512");
        private readonly SecretSource _authPassword = new($"{option}-auth-file", $"{whose} authentication password", $"{variable}_AUTH");
        private readonly Option<string?> _priv = Values.OneOf($"{option}-priv", $"{whose} privacy; without it messages can be read by others", "des", "aes128", "aes192", "aes256", "aes192c", "aes256c");
        private readonly SecretSource _privPassword = new($"{option}-priv-file", $"{whose} privacy password", $"{variable}_PRIV");

        public IEnumerable<Symbol> Options => [_name, _auth, _authPassword.File, _priv, _privPassword.File];

        public bool IsGiven(ParseResult parse) => parse.GetValue(_name) is not null || parse.GetValue(_auth) is not null || parse.GetValue(_priv) is not null;

        public SnmpUserRequest Read(ParseResult parse, Session session) => new()
        {
            User = parse.GetValue(_name) ?? throw new UsageException($"{_name.Name} is missing: who asks?"),
            AuthProtocol = parse.GetValue(_auth) ?? throw new UsageException($"{_auth.Name} is missing: how does {parse.GetValue(_name)} prove who asks?"),
            AuthPassword = _authPassword.ReadOrAsk(parse, session),
            PrivProtocol = parse.GetValue(_priv),
            PrivPassword = parse.GetValue(_priv) is null ? null : _privPassword.ReadOrAsk(parse, session),
        };
    }
}
