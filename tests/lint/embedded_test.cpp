#include "lint/embedded.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "lint_for_tests.h"

namespace helmme::lint {
namespace {

using Finder = std::function<std::vector<EmbeddedSecret>(std::string_view)>;

struct TextCase {
  std::string name;
  Finder find;
  std::string marked;
};

class Embedded : public testing::TestWithParam<TextCase> {};

TEST_P(Embedded, IsFoundWhereItIsMarked) {
  const Marked marked = unmark(GetParam().marked);
  std::vector<Span> spans;
  for (const EmbeddedSecret& secret : GetParam().find(marked.text)) {
    spans.push_back(secret.span);
  }
  EXPECT_TRUE(spans == marked.spans) << GetParam().marked;
}

Finder config() {
  return [](std::string_view text) { return find_assignments(text, TextStyle::config); };
}
Finder code() {
  return [](std::string_view text) { return find_assignments(text, TextStyle::code); };
}
Finder shell() {
  return [](std::string_view text) { return find_assignments(text, TextStyle::shell); };
}
Finder header(std::string name) {
  return [name](std::string_view text) { return find_header_secret(name, text); };
}

INSTANTIATE_TEST_SUITE_P(
    Assignments, Embedded,
    testing::Values(
        TextCase{"properties", config(), "a.password=«kd93kfo2xd»\nb.passwordFile=/run/x\n"},
        TextCase{"ini", config(), "[x]\npassword = «kd93kfo2xd» ; why\n"},
        TextCase{"yaml", config(), "a:\n  - password: «kd93kfo2xd»  # why\n"},
        TextCase{"json", config(), R"({"a": {"password": "«kd93kfo2xd»", "apiKey" : "«Qx81kd02zz»"}})"},
        TextCase{"xml", config(), "<a><password>«kd93kfo2xd»</password><b token='«Qx81kd02zz»'/></a>"},
        TextCase{"hcl", config(), "token = \"«kd93kfo2xd»\""}, TextCase{"crlf", config(), "password=«kd93kfo2xd»\r\n"},
        TextCase{"export", config(), "export DB_PASSWORD=«kd93kfo2xd»"},
        TextCase{"comment", config(), "# password=kd93kfo2xd\n; token=kd93kfo2xd\n"},
        TextCase{"reference", config(), "password=${PASSWORD}\ntoken = $__file{/x}\napiKey: {{ x }}\n"},
        TextCase{"prose", config(), "the password: must be longer than eight\n"},
        TextCase{"sql", code(), "ALTER USER a PASSWORD '«kd93kfo2xd»';\nSET PASSWORD 'kd93kfo2xd' said the manual\n"},
        TextCase{"sql_identified", config(), "CREATE USER 'a' IDENTIFIED BY '«kd93kfo2xd»';\nORDER BY 'kd93kfo2xd';\n"},
        TextCase{"redis", config(), "requirepass «kd93kfo2xd»\nset requirepass\nthe requirepass kd93kfo2xd\n"},
        TextCase{"php", config(), "define('DB_PASSWORD', '«kd93kfo2xd»');\ncall('DB_PASSWORD', 'kd93kfo2xd', 1)\n"},
        TextCase{"comparison", config(), "if password == 'kd93kfo2xd'\n"},
        TextCase{"call", config(), "password = get_password(user)\n"},
        TextCase{"python", code(), "password = os.environ['PASSWORD']\ntoken = \"«kd93kfo2xd»\"\nother = token\n"},
        TextCase{"shell", shell(), "export TOKEN=«kd93kfo2xd»; local password=\"$2\" x=1\nPASSWORD=$(cat x)\n"},
        TextCase{"open_quote", config(), "password=\"kd93kfo2xd\n"}),
    [](const auto& named) { return named.param.name; });

Finder text_of(std::string file) {
  return [file](std::string_view text) { return find_in_text(file, text); };
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, Embedded,
    testing::Values(
        TextCase{"yaml", config(), "- name: DB_PASSWORD\n  value: «kd93kfo2xd»\n- name: A\n  value: kd93kfo2xd\n"},
        TextCase{"json", config(), R"([{"type": "password", "temporary": false, "value": "«kd93kfo2xd»"}])"},
        TextCase{"hadoop", config(), "<name>a.ConnectionPassword</name>\n<value>«kd93kfo2xd»</value>\n"},
        TextCase{"attributes", config(), "<add key=\"ClearTextPassword\" value=\"«kd93kfo2xd»\"/>"},
        TextCase{"entry", config(), "<entry key=\"password\">«kd93kfo2xd»</entry>"},
        TextCase{"another_name", config(), "- key: password\n- name: HOST\n  value: kd93kfo2xd\n"},
        TextCase{"far_away", config(), "- key: password\n" + std::string(500, '\n') + "  value: kd93kfo2xd\n"},
        TextCase{"identity", config(), "access_key: app\nsecret_key: «p-wx»\n"},
        TextCase{"client", config(), R"({"clientId": "web", "secret": "«0b9f7d1c-2e3a-4f5b-8c6d-7e8f9a0b1c2d»"})"},
        TextCase{"names_of_keys", config(), "accessKey: access-key\nsecretKey: s3-secret-key\n"},
        TextCase{"no_identity", config(), R"({"id": "web", "secret": "0b9f7d1c-2e3a-4f5b-8c6d-7e8f9a0b1c2d"})"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Settings, Embedded,
    testing::Values(
        TextCase{"ruby_index", config(), "gitlab_rails['smtp_password'] = \"«kd93kfo2xd»\"\n"},
        TextCase{"erlang", config(), "[{default_user, <<\"a\">>}, {default_pass, <<\"«kd93kfo2xd»\">>}].\n"},
        TextCase{"escaped_json", config(), R"("{\"password\":\"«kd93kfo2xd»\",\"a\":1}")"},
        TextCase{"three_quotes", config(), "password = \"\"\"«kd9;3kfo2xd»\"\"\"\n"},
        TextCase{"block", config(), "token: |\n  «kd93kfo2xd»\nnext: |\n  kd93kfo2xd\n"},
        TextCase{"option_among_others", config(), "-Xmx1g -Djavax.net.ssl.keyStorePassword=«kd93kfo2xd» -Dx=y\n"},
        TextCase{"fluent_bit", config(), "  HTTP_User a\n  HTTP_Passwd  «trommel»\n"},
        TextCase{"netrc_lines", config(), "machine x\nlogin ci\npassword «koffer»\n"},
        TextCase{"netrc_line", config(), "machine x login ci password «koffer»\n"},
        TextCase{"sentinel", config(), "sentinel auth-pass mymaster «garten»\nsentinel monitor x 1 2\n"},
        TextCase{"nginx", config(), "proxy_set_header X-Api-Key «kd93kfo2xd»;\nproxy_set_header X-Api-Key $key;\n"},
        TextCase{"haproxy_user", config(), "user admin insecure-password «kd93kfo2xd»\n"},
        TextCase{"prose_of_two_words", config(), "Password reset\ntoken expired\napi-key required.\n"},
        TextCase{"fallbacks", code(),
                 "password = os.getenv(\"X\", \"«kd93kfo2xd»\")\ntoken: process.env.X || '«Qx81kd02zz»',\n"
                 "x = os.environ.get('DB_PASSWORD', '«kd93kfo2xe»')\napiKey: `«kd93kfo2xf»`\ny = [\"token\", "
                 "\"kd93kfo2xd\"]\n"},
        TextCase{"npmrc", config(), "//npm.example.com/:_authToken=«kd93kfo2xd»\n"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Formats, Embedded,
    testing::Values(
        TextCase{"redis_acl", text_of("users.acl"),
                 "user default off\nuser a on >«kd93kfo2xd» ~* +@all\nuser b on #9f86\n"},
        TextCase{"userlist", text_of("userlist.txt"),
                 "\"a\" \"«kd93kfo2xd»\"\n\"b\" \"SCRAM-SHA-256$4096:abcdefgh\"\n"},
        TextCase{"userlist_by_look", text_of("x"), "\"a\" \"«kd93kfo2xd»\"\n"},
        TextCase{"pgpass", text_of(".pgpass"), "# x:1:a:b:c\ndb:5432:shop:a\\:b:«kd93kfo2xd»\n"},
        TextCase{"htpasswd", text_of("htpasswd"), "a:{PLAIN}«kd93kfo2xd»\nb:$apr1$abcdefgh$YWJjZGVmZ2hpamts\n"},
        TextCase{"postfix", text_of("sasl_passwd"), "[smtp.example.com]:587 a:«kd93kfo2xd»\n"},
        TextCase{"stats_auth", text_of("haproxy.cfg"), "  stats auth a:«kd93kfo2xd»\n  stats auth a:\"$PW\"\n"},
        TextCase{"users_properties", text_of("users.properties"), "a=«kd93kfo2xd»\nb = «Qx81kd02zz»,admin\n"},
        TextCase{"ppp", text_of("chap-secrets"), "a * «kd93kfo2xd» *\n"},
        TextCase{"ipsec", text_of("ipsec.secrets"), ": PSK \"«kd93kfo2xd»\"\n: RSA a.pem\n"},
        TextCase{"jaas", text_of("jaas.conf"), "a.PlainLoginModule required\n user_a=\"«kd93kfo2xd»\";\n"},
        TextCase{"no_jaas", text_of("x.conf"), "user_a=\"kd93kfo2xd\"\n"},
        TextCase{"registries", text_of("config.json"), R"({"auths": {"r": {"auth": "«YTprZDkza2ZvMnhk»"}}})"},
        TextCase{"cookie", text_of(".erlang.cookie"), "«kd93kfo2xd»\n"},
        TextCase{"language", text_of("de.json"), R"({"password": "Passwort", "token": "Kennung der Sitzung"})"},
        TextCase{"titles", text_of("x.json"),
                 R"({"login.password": "Password", "apiKey": "API key", "token": "«Kd93 x»"})"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Urls, Embedded,
    testing::Values(TextCase{"url", find_url_passwords, "postgres://app:«kd93kfo2xd»@db:5432/x"},
                    TextCase{"no_user", find_url_passwords, "redis://:«kd93kfo2xd»@redis"},
                    TextCase{"two", find_url_passwords, "a://u:«kd93kfo2xd»@h b://u:«Qx81kd02zz»@h"},
                    TextCase{"at_in_password", find_url_passwords, "a://u:«kd@93kfo2xd»@h/x"},
                    TextCase{"none", find_url_passwords, "https://host:8080/a@b ssh://git@host:22"},
                    TextCase{"references", find_url_passwords,
                             "a://u:${P}@h a://u:$(P)@h a://u:{{p}}@h a://u:<p>@h a://u:%s@h"},
                    TextCase{"samples", find_url_passwords, "postgres://user:password@host"},
                    TextCase{"go", find_url_passwords, "app:«kd93kfo2xd»@tcp(db)/x"},
                    TextCase{"libpq", find_url_passwords, "host=db user=app password=«kd93kfo2xd» port=1"},
                    TextCase{"ado", find_url_passwords, "Server=db;Password=«kd93kfo2xd»;"},
                    TextCase{"jdbc", find_url_passwords, "jdbc:postgresql://db/x?user=a&password=«kd93kfo2xd»"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Commands, Embedded,
    testing::Values(TextCase{"equals", find_command_secrets, "app --password=«kd93kfo2xd» --port=1"},
                    TextCase{"next_word", find_command_secrets, "app --token «kd93kfo2xd» x"},
                    TextCase{"quoted", find_command_secrets, "app --token '«kd93kfo2xd»' --password=\"«Qx81kd02zz»\""},
                    TextCase{"variable", find_command_secrets, "app --token $TOKEN --password=\"${P}\" --api-key `x`"},
                    TextCase{"next_is_option", find_command_secrets, "app --password --port 1"},
                    TextCase{"names", find_command_secrets, "app --secret-name x --password-file y --token-ttl 1h"},
                    TextCase{"header", find_command_secrets, "curl -H 'Authorization: Bearer «kd93kfo2xd»' https://x"},
                    TextCase{"basic", find_command_secrets, "curl -u app:«kd93kfo2xd» https://x"},
                    TextCase{"mysql", find_command_secrets, "mysql -uroot -p«kd93kfo2xd» x"},
                    TextCase{"redis", find_command_secrets, "redis-cli -h x -a «kd93kfo2xd» ping"},
                    TextCase{"docker_login", find_command_secrets, "docker login -u a -p «kd93kfo2xd» x"},
                    TextCase{"docker_port", find_command_secrets, "docker run -p 8080:80 x"},
                    TextCase{"mkdir", find_command_secrets, "mkdir -p kd93kfo2xd"},
                    TextCase{"continued", find_command_secrets, "app \\\n  --token «kd93kfo2xd»\n"},
                    TextCase{"open_quote", find_command_secrets, "echo don't\napp --token «kd93kfo2xd»\n"},
                    TextCase{"comment", find_command_secrets, "# app --token kd93kfo2xd\n"},
                    TextCase{"helm_login", find_command_secrets, "helm registry login r -u u -p «kd93kfo2xd»"},
                    TextCase{"set_in_quotes", find_set_secrets,
                             "sh \"helm upgrade a . --set a.password=«kd93kfo2xd»\""},
                    TextCase{"inside", find_command_secrets, "sh -c 'app --token «kd93kfo2xd»'"},
                    TextCase{"set", find_set_secrets,
                             "helm upgrade a . --set a.password=«kd93kfo2xd»,b=1 --set-string c.token='«Qx81kd02zz»'"},
                    TextCase{"set_variable", find_set_secrets,
                             "helm upgrade a . --set a.password=$P --set a.existingSecret=kd93kfo2xd"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Programs, Embedded,
    testing::Values(
        TextCase{"short_option", find_command_secrets, "mongosh -u root -p «kd93.kfo2xd» --eval x"},
        TextCase{"attached", find_command_secrets, "ldapsearch -x -w«kd93kfo2xd» -b dc=x; sqlcmd -P'«Qx81kd02zz»'"},
        TextCase{"prompting", find_command_secrets, "psql --password kd93kfo2xd; mysql -p kd93kfo2xd"},
        TextCase{"port_of_mongo", find_command_secrets, "docker run --name mongo -p 27017:27017 mongo"},
        TextCase{"source", find_command_secrets,
                 "openssl rsa -passin pass:«kd93kfo2xd» -passout env:X -passout file:kd93kfo2xd"},
        TextCase{"pair", find_command_secrets, "skopeo copy --dest-creds ci:«kd93kfo2xd» docker://a/b docker://c/d"},
        TextCase{"clustered", find_command_secrets, "curl -fsSu app:«kd93kfo2xd» https://x"},
        TextCase{"percent", find_command_secrets, "smbclient -U 'app%«kd93kfo2xd»' //x/y"},
        TextCase{"slash", find_command_secrets, "sqlplus app/«kd93kfo2xd»@db @init.sql"},
        TextCase{"verb", find_command_secrets,
                 "rabbitmqctl -n rabbit add_user shop «kd93kfo2xd»\nrabbitmqctl list_users"},
        TextCase{"verb_in_capitals", find_command_secrets, "redis-cli CONFIG SET requirepass «kd93kfo2xd»"},
        TextCase{"keyed", find_command_secrets,
                 "aws configure set aws_secret_access_key «Kd93kfo2xdQ1»; aws configure set region eu-west-1"},
        TextCase{"last", find_command_secrets, "htpasswd -bc /x app «kd93kfo2xd»; htpasswd -c /x kd93kfo2xd"},
        TextCase{"needs", find_command_secrets, "az login -u x -p «kd93kfo2xd»; az vm list -p kd93kfo2xd"},
        TextCase{"piped_pair", find_command_secrets, "echo 'app:«kd93kfo2xd»' | chpasswd"},
        TextCase{"not_piped", find_command_secrets, "echo kd93kfo2xd; docker login --password-stdin x"},
        TextCase{"behind_others", find_command_secrets, "kubectl exec db-0 -- /usr/bin/mysql -uroot -p«kd93kfo2xd»"},
        TextCase{"single_dash", find_command_secrets, "consul members -token «kd93kfo2xd» -http-addr x"},
        TextCase{"named_quotes", find_command_secrets, "JAVA_OPTS=\"-Xmx1g -Da.password=«kd93kfo2xd»\" exec x"},
        TextCase{"header_equals", find_command_secrets, "wget --header=\"X-Api-Key: «kd93kfo2xd»\" x"}),
    [](const auto& named) { return named.param.name; });

Finder arguments(std::string program, std::vector<std::string_view> words) {
  return [program, words](std::string_view) { return find_argument_secrets(words, program); };
}

INSTANTIATE_TEST_SUITE_P(
    Arguments, Embedded,
    testing::Values(TextCase{"apart", arguments("", {"curl", "-fsS", "-u", "app:kd93kfo2xd", "x"}),
                             "curl -fsS -u app:«kd93kfo2xd» x"},
                    TextCase{"of_command", arguments("/usr/bin/mongosh", {"-p", "kd$93kfo2xd"}), "-p «kd$93kfo2xd»"},
                    TextCase{"of_nobody", arguments("", {"-p", "kd93kfo2xd"}), "-p kd93kfo2xd"},
                    TextCase{"variable", arguments("", {"mongosh", "-p", "$(PASSWORD)"}), "mongosh -p $(PASSWORD)"}),
    [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(HeaderLists, Embedded,
                         testing::Values(TextCase{"percent_encoded", find_header_list,
                                                  "Authorization=Bearer%20«kd93kfo2xd»,a=kd93kfo2xd"},
                                         TextCase{"second", find_header_list, "x-tenant=shop,x-api-key=«kd93kfo2xd»"},
                                         TextCase{"none", find_header_list, "a=b,c"}),
                         [](const auto& named) { return named.param.name; });

INSTANTIATE_TEST_SUITE_P(Headers, Embedded,
                         testing::Values(TextCase{"bearer", header("Authorization"), "Bearer «kd93kfo2xd»"},
                                         TextCase{"basic", header("authorization"), "Basic «a2Q5M2tmbzJ4ZA==»"},
                                         TextCase{"key", header("X-Api-Key"), "«kd93kfo2xd»"},
                                         TextCase{"of_a_service", header("circle-token"), "«kd93kfo2xd»"},
                                         TextCase{"team", header("X-Honeycomb-Team"), "«kd93kfo2xd»"},
                                         TextCase{"other", header("Host"), "kd93kfo2xd.org"},
                                         TextCase{"reference", header("Authorization"), "Bearer $(TOKEN)"}),
                         [](const auto& named) { return named.param.name; });

}  // namespace
}  // namespace helmme::lint
