// The programs' own manuals are where these options come from. A family is named for a program in it, or for the option
// that is all it has.
#include "lint/command_table.h"

#include <algorithm>
#include <array>

namespace helmme::lint {
namespace {

struct Program {
  std::string_view name;
  std::string_view family;
};

constexpr std::array k_programs = {
    Program{"7z", "7z"},
    Program{"7za", "7z"},
    Program{"7zr", "7z"},
    Program{"ab", "ab"},
    Program{"adcli", "adcli"},
    Program{"add-user", "add-user"},
    Program{"add-user-keycloak", "add-user"},
    Program{"airflow", "airflow"},
    Program{"aws", "aws"},
    Program{"az", "az"},
    Program{"bao", "vault"},
    Program{"bcp", "-P"},
    Program{"beeline", "-p"},
    Program{"buildah", "docker"},
    Program{"caddy", "caddy"},
    Program{"cargo", "cargo"},
    Program{"cbbackupmgr", "-p"},
    Program{"cbexport", "-p"},
    Program{"cbimport", "-p"},
    Program{"cbq", "-p"},
    Program{"chpasswd", "chpasswd"},
    Program{"cloudflared", "cloudflared"},
    Program{"consul", "consul"},
    Program{"cosign", "docker"},
    Program{"couchbase-cli", "-p"},
    Program{"cqlsh", "-p"},
    Program{"crane", "docker"},
    Program{"createdb", "psql"},
    Program{"createuser", "psql"},
    Program{"curl", "curl"},
    Program{"cypher-shell", "-p"},
    Program{"docker", "docker"},
    Program{"doctl", "doctl"},
    Program{"dotnet", "dotnet"},
    Program{"dropdb", "psql"},
    Program{"elasticsearch-keystore", "keystore"},
    Program{"elasticsearch-users", "-p"},
    Program{"etcdctl", "etcdctl"},
    Program{"expdp", "sqlplus"},
    Program{"gh", "gh"},
    Program{"git", "git"},
    Program{"gitlab-runner", "gitlab-runner"},
    Program{"glab", "gh"},
    Program{"grafana", "grafana"},
    Program{"grafana-cli", "grafana"},
    Program{"hash", "hash"},
    Program{"helm", "docker"},
    Program{"hey", "http"},
    Program{"htpasswd", "htpasswd"},
    Program{"http", "http"},
    Program{"https", "http"},
    Program{"impdp", "sqlplus"},
    Program{"influx", "influx"},
    Program{"innobackupex", "mysql"},
    Program{"ipmitool", "-P"},
    Program{"isql", "-P"},
    Program{"jarsigner", "keytool"},
    Program{"kcadm", "-p"},
    Program{"keydb-cli", "redis-cli"},
    Program{"keytool", "keytool"},
    Program{"kinit", "kinit"},
    Program{"ldapadd", "ldapsearch"},
    Program{"ldapcompare", "ldapsearch"},
    Program{"ldapdelete", "ldapsearch"},
    Program{"ldapexop", "ldapsearch"},
    Program{"ldapmodify", "ldapsearch"},
    Program{"ldapmodrdn", "ldapsearch"},
    Program{"ldappasswd", "ldappasswd"},
    Program{"ldapsearch", "ldapsearch"},
    Program{"ldapwhoami", "ldapsearch"},
    Program{"lftp", "lftp"},
    Program{"mariabackup", "mysql"},
    Program{"mariadb", "mysql"},
    Program{"mariadb-admin", "mysql"},
    Program{"mariadb-backup", "mysql"},
    Program{"mariadb-check", "mysql"},
    Program{"mariadb-dump", "mysql"},
    Program{"mc", "mc"},
    Program{"mcli", "mc"},
    Program{"mongo", "-p"},
    Program{"mongodump", "-p"},
    Program{"mongoexport", "-p"},
    Program{"mongofiles", "-p"},
    Program{"mongoimport", "-p"},
    Program{"mongorestore", "-p"},
    Program{"mongosh", "-p"},
    Program{"mongostat", "-p"},
    Program{"mongotop", "-p"},
    Program{"mosquitto_passwd", "htpasswd"},
    Program{"mosquitto_pub", "-P"},
    Program{"mosquitto_rr", "-P"},
    Program{"mosquitto_sub", "-P"},
    Program{"mqttx", "-P"},
    Program{"mssql-cli", "-P"},
    Program{"mydumper", "-p"},
    Program{"myloader", "-p"},
    Program{"mysql", "mysql"},
    Program{"mysqladmin", "mysql"},
    Program{"mysqlbinlog", "mysql"},
    Program{"mysqlcheck", "mysql"},
    Program{"mysqldump", "mysql"},
    Program{"mysqlimport", "mysql"},
    Program{"mysqlpump", "mysql"},
    Program{"mysqlsh", "mysql"},
    Program{"mysqlshow", "mysql"},
    Program{"nats-server", "nats-server"},
    Program{"ncftpget", "-p"},
    Program{"ncftpput", "-p"},
    Program{"neo4j-admin", "neo4j-admin"},
    Program{"nerdctl", "docker"},
    Program{"netbird", "netbird"},
    Program{"ngrok", "ngrok"},
    Program{"nodetool", "nodetool"},
    Program{"npm", "npm"},
    Program{"oc", "docker"},
    Program{"openssl", "openssl"},
    Program{"oras", "docker"},
    Program{"osql", "-P"},
    Program{"passwd", "passwd"},
    Program{"pg_basebackup", "psql"},
    Program{"pg_dump", "psql"},
    Program{"pg_dumpall", "psql"},
    Program{"pg_restore", "psql"},
    Program{"pgbench", "psql"},
    Program{"pnpm", "npm"},
    Program{"podman", "docker"},
    Program{"psql", "psql"},
    Program{"pulumi", "pulumi"},
    Program{"rabbitmqadmin", "-p"},
    Program{"rabbitmqctl", "rabbitmqctl"},
    Program{"radtest", "radtest"},
    Program{"rclone", "rclone"},
    Program{"redis-benchmark", "redis-cli"},
    Program{"redis-cli", "redis-cli"},
    Program{"regctl", "docker"},
    Program{"rpcclient", "smbclient"},
    Program{"s3cmd", "s3cmd"},
    Program{"samba-tool", "samba-tool"},
    Program{"securityadmin", "keytool"},
    Program{"skopeo", "docker"},
    Program{"slappasswd", "ldappasswd"},
    Program{"smbclient", "smbclient"},
    Program{"snmpget", "snmpwalk"},
    Program{"snmpwalk", "snmpwalk"},
    Program{"snyk", "snyk"},
    Program{"sqlcmd", "-P"},
    Program{"sqlldr", "sqlplus"},
    Program{"sqlplus", "sqlplus"},
    Program{"ssh-keygen", "ssh-keygen"},
    Program{"sshpass", "-p"},
    Program{"sstableloader", "nodetool"},
    Program{"sudo", "sudo"},
    Program{"surreal", "-p"},
    Program{"swaks", "swaks"},
    Program{"tailscale", "tailscale"},
    Program{"trino", "psql"},
    Program{"tsql", "-P"},
    Program{"twine", "-p"},
    Program{"unzip", "-P"},
    Program{"vacuumdb", "psql"},
    Program{"valkey-benchmark", "redis-cli"},
    Program{"valkey-cli", "redis-cli"},
    Program{"vault", "vault"},
    Program{"wpa_passphrase", "radtest"},
    Program{"xh", "http"},
    Program{"xtrabackup", "mysql"},
    Program{"yarn", "npm"},
    Program{"zip", "-P"},
    Program{"zkCli", "zkCli"},
};

constexpr bool k_in_next = true;
constexpr bool k_attached = true;

// By family.
constexpr std::array k_options = {
    CommandOption{"-P", "-P", WordForm::whole, k_attached},
    CommandOption{"-p", "-p", WordForm::whole, k_attached},
    CommandOption{"7z", "-p", WordForm::whole, k_attached, !k_in_next},
    CommandOption{"ab", "-A", WordForm::pair},
    CommandOption{"ab", "-P", WordForm::pair},
    CommandOption{"add-user", "-p", WordForm::whole},
    CommandOption{"airflow", "-p", WordForm::whole, !k_attached, k_in_next, "users"},
    CommandOption{"aws", "--secret-string", WordForm::whole},
    CommandOption{"aws", "--value", WordForm::whole, !k_attached, k_in_next, "SecureString"},
    CommandOption{"az", "-p", WordForm::whole, !k_attached, k_in_next, "login"},
    CommandOption{"az", "--value", WordForm::whole, !k_attached, k_in_next, "secret"},
    CommandOption{"caddy", "--plaintext", WordForm::whole},
    CommandOption{"consul", "-http-auth", WordForm::pair},
    CommandOption{"curl", "-E", WordForm::pair},
    CommandOption{"curl", "-U", WordForm::pair, k_attached},
    CommandOption{"curl", "-u", WordForm::pair, k_attached},
    CommandOption{"curl", "--cert", WordForm::pair},
    CommandOption{"curl", "--oauth2-bearer", WordForm::whole},
    CommandOption{"curl", "--proxy-user", WordForm::pair},
    CommandOption{"curl", "--user", WordForm::pair},
    CommandOption{"docker", "-p", WordForm::whole, !k_attached, k_in_next, "login"},
    CommandOption{"docker", "--creds", WordForm::pair},
    CommandOption{"docker", "--dest-creds", WordForm::pair},
    CommandOption{"docker", "--src-creds", WordForm::pair},
    CommandOption{"doctl", "-t", WordForm::whole},
    CommandOption{"dotnet", "-k", WordForm::whole, !k_attached, k_in_next, "push"},
    CommandOption{"dotnet", "-p", WordForm::whole, !k_attached, k_in_next, "source"},
    CommandOption{"etcdctl", "--user", WordForm::pair},
    CommandOption{"gh", "-b", WordForm::whole, !k_attached, k_in_next, "secret"},
    CommandOption{"gh", "--body", WordForm::whole, !k_attached, k_in_next, "secret"},
    CommandOption{"gitlab-runner", "-r", WordForm::whole},
    CommandOption{"gitlab-runner", "-t", WordForm::whole},
    CommandOption{"hash", "-p", WordForm::whole},
    CommandOption{"http", "-a", WordForm::pair},
    CommandOption{"http", "--auth", WordForm::pair},
    CommandOption{"influx", "-p", WordForm::whole},
    CommandOption{"influx", "-t", WordForm::whole},
    CommandOption{"influx", "-u", WordForm::pair},
    CommandOption{"influx", "--username-password", WordForm::pair},
    CommandOption{"keytool", "-destkeypass", WordForm::whole},
    CommandOption{"keytool", "-deststorepass", WordForm::whole},
    CommandOption{"keytool", "-keypass", WordForm::whole},
    CommandOption{"keytool", "-kspass", WordForm::whole},
    CommandOption{"keytool", "-new", WordForm::whole},
    CommandOption{"keytool", "-srckeypass", WordForm::whole},
    CommandOption{"keytool", "-srcstorepass", WordForm::whole},
    CommandOption{"keytool", "-storepass", WordForm::whole},
    CommandOption{"keytool", "-tspass", WordForm::whole},
    CommandOption{"ldappasswd", "-a", WordForm::whole},
    CommandOption{"ldappasswd", "-s", WordForm::whole, k_attached},
    CommandOption{"ldappasswd", "-w", WordForm::whole, k_attached},
    CommandOption{"ldapsearch", "-w", WordForm::whole, k_attached},
    CommandOption{"lftp", "-u", WordForm::comma},
    CommandOption{"lftp", "--user", WordForm::comma},
    CommandOption{"mysql", "-p", WordForm::whole, k_attached, !k_in_next},
    CommandOption{"mysql", "--password", WordForm::nothing},
    CommandOption{"nats-server", "--auth", WordForm::whole},
    CommandOption{"netbird", "-k", WordForm::whole},
    CommandOption{"netbird", "--setup-key", WordForm::whole},
    CommandOption{"nodetool", "-pw", WordForm::whole},
    CommandOption{"openssl", "-K", WordForm::whole},
    CommandOption{"openssl", "-hmac", WordForm::whole},
    CommandOption{"openssl", "-k", WordForm::whole},
    CommandOption{"openssl", "-macopt", WordForm::pair},
    CommandOption{"openssl", "-pass", WordForm::source},
    CommandOption{"openssl", "-passin", WordForm::source},
    CommandOption{"openssl", "-passout", WordForm::source},
    CommandOption{"openssl", "-password", WordForm::source},
    CommandOption{"psql", "--password", WordForm::nothing},
    CommandOption{"redis-cli", "-a", WordForm::whole},
    CommandOption{"s3cmd", "--secret_key", WordForm::whole},
    CommandOption{"samba-tool", "--adminpass", WordForm::whole},
    CommandOption{"smbclient", "-U", WordForm::percent, k_attached},
    CommandOption{"smbclient", "--user", WordForm::percent},
    CommandOption{"snmpwalk", "-A", WordForm::whole},
    CommandOption{"snmpwalk", "-X", WordForm::whole},
    CommandOption{"ssh-keygen", "-N", WordForm::whole},
    CommandOption{"ssh-keygen", "-P", WordForm::whole},
    CommandOption{"swaks", "-ap", WordForm::whole},
    CommandOption{"tailscale", "--auth-key", WordForm::whole},
    CommandOption{"tailscale", "--authkey", WordForm::whole},
};

constexpr std::size_t k_last = k_last_argument;

// By family.
constexpr std::array k_arguments = {
    CommandArgument{"aws", "configure set", 0, WordForm::whole, true},
    CommandArgument{"cargo", "login", 1},
    CommandArgument{"cloudflared", "service install", 1},
    CommandArgument{"consul", "kv put", 0, WordForm::whole, true},
    CommandArgument{"consul", "set-agent-token", 2},
    CommandArgument{"etcdctl", "put", 0, WordForm::whole, true},
    CommandArgument{"etcdctl", "set", 0, WordForm::whole, true},
    CommandArgument{"etcdctl", "user add", 1, WordForm::pair},
    CommandArgument{"gh", "variable set", 0, WordForm::whole, true},
    CommandArgument{"git", "config", 0, WordForm::whole, true},
    CommandArgument{"grafana", "reset-admin-password", 1},
    CommandArgument{"htpasswd", "", k_last, WordForm::whole, false, 'b'},
    CommandArgument{"mc", "admin user add", 3},
    CommandArgument{"mc", "alias set", 4},
    CommandArgument{"mc", "config host add", 4},
    CommandArgument{"mysql", "password", 1},
    CommandArgument{"neo4j-admin", "set-initial-password", 1},
    CommandArgument{"ngrok", "add-authtoken", 1},
    CommandArgument{"ngrok", "authtoken", 1},
    CommandArgument{"npm", "set", 0, WordForm::whole, true},
    CommandArgument{"openssl", "passwd", k_last},
    CommandArgument{"pulumi", "config set", 0, WordForm::whole, true},
    CommandArgument{"rabbitmqctl", "add_user", 2},
    CommandArgument{"rabbitmqctl", "authenticate_user", 2},
    CommandArgument{"rabbitmqctl", "change_password", 2},
    CommandArgument{"radtest", "", 2},
    CommandArgument{"rclone", "config create", 0, WordForm::whole, true},
    CommandArgument{"rclone", "config password", 0, WordForm::whole, true},
    CommandArgument{"rclone", "config update", 0, WordForm::whole, true},
    CommandArgument{"rclone", "obscure", 1},
    CommandArgument{"redis-cli", "acl setuser", 0, WordForm::own},
    CommandArgument{"redis-cli", "auth", k_last},
    CommandArgument{"redis-cli", "config set", 0, WordForm::whole, true},
    CommandArgument{"redis-cli", "sentinel set", 0, WordForm::whole, true},
    CommandArgument{"samba-tool", "user add", 2},
    CommandArgument{"samba-tool", "user create", 2},
    CommandArgument{"snyk", "auth", 1},
    CommandArgument{"sqlplus", "", 1, WordForm::slash},
    CommandArgument{"vault", "login", 1},
    CommandArgument{"vault", "operator unseal", 1},
    CommandArgument{"zkCli", "addauth digest", 1, WordForm::pair},
};

constexpr auto k_by_name = [](const Program& a, const Program& b) { return a.name < b.name; };
constexpr auto k_by_family = [](const auto& a, const auto& b) { return a.family < b.family; };
static_assert(std::is_sorted(k_programs.begin(), k_programs.end(), k_by_name));
static_assert(std::is_sorted(k_options.begin(), k_options.end(), k_by_family));
static_assert(std::is_sorted(k_arguments.begin(), k_arguments.end(), k_by_family));

template <typename Row, std::size_t N>
std::span<const Row> rows_of(const std::array<Row, N>& rows, std::string_view family) {
  Row wanted{};
  wanted.family = family;
  const auto [first, last] = std::equal_range(rows.begin(), rows.end(), wanted, k_by_family);
  return {first, last};
}

}  // namespace

std::string_view family_of_program(std::string_view name) {
  constexpr std::size_t k_longest_program = 64;
  if (const std::size_t slash = name.rfind('/'); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  while (!name.empty() && (name.front() == '`' || name.front() == '@')) {
    name.remove_prefix(1);  // a shell's `command`, a Makefile's @command
  }
  if (name.size() > k_longest_program) {
    return {};
  }
  for (const std::string_view ending : {std::string_view(".sh"), std::string_view(".exe"), std::string_view(".py"),
                                        std::string_view(".bat"), std::string_view(".cmd")}) {
    if (name.ends_with(ending)) {
      name.remove_suffix(ending.size());
      break;
    }
  }
  const auto found = std::lower_bound(k_programs.begin(), k_programs.end(), Program{name, {}}, k_by_name);
  return found != k_programs.end() && found->name == name ? found->family : std::string_view();
}

std::span<const CommandOption> options_of(std::string_view family) { return rows_of(k_options, family); }

std::span<const CommandArgument> arguments_of(std::string_view family) { return rows_of(k_arguments, family); }

bool reads_credential(std::string_view family, std::string_view word) {
  struct Reader {
    std::string_view family;  // "" for any
    std::string_view word;    // "" for the program itself
  };
  constexpr std::array k_readers = {
      Reader{"", "--password-stdin"}, Reader{"", "--with-token"},     Reader{"", "--passphrase-fd"},
      Reader{"", "--stdin-password"}, Reader{"chpasswd", "chpasswd"}, Reader{"kinit", "kinit"},
      Reader{"keystore", "--stdin"},  Reader{"keystore", "-x"},       Reader{"passwd", "--stdin"},
      Reader{"sudo", "-S"},           Reader{"vault", "-"},
  };
  return std::any_of(k_readers.begin(), k_readers.end(), [&](const Reader& one) {
    return one.word == word && (one.family.empty() || one.family == family);
  });
}

}  // namespace helmme::lint
