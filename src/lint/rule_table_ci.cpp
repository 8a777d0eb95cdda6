// HM401 to HM404, as data.
#include <array>

#include "lint/rule.h"

namespace helmme::lint {
namespace {

#define HELMME_RELEASE "resource \"helm_release\" \"shop\" {\n  name = \"shop\"\n"

constexpr std::array k_hm401_found = {
    Example{".gitlab-ci.yml",
            "deploy:\n  script:\n    - helm upgrade shop ./chart --set auth.password=«kd93kfo2xd»,replicas=2\n"},
    Example{"deploy.sh", "#!/bin/sh\nhelm upgrade shop ./chart \\\n  --set-string auth.token=\"«kd93kfo2xd»\"\n"},
    Example{"helmfile.yaml",
            "releases:\n  - name: shop\n    set:\n      - name: auth.password\n        value: «kd93kfo2xd»\n"},
    Example{"app.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n    helm:\n   "
            "   parameters:\n"
            "        - name: auth.password\n          value: «kd93kfo2xd»\n"},
    Example{"deploy.sh", "#!/bin/sh\nhelm install shop . --set-json 'auth={\"password\":\"«kd93kfo2xd»\"}'\n"},
    Example{"azure-pipelines.yml",
            "steps:\n  - task: HelmDeploy@0\n    inputs:\n      overrideValues: "
            "'image.tag=1,auth.password=«kd93kfo2xd»'\n"},
    Example{"main.tf",
            HELMME_RELEASE "  set {\n    name  = \"auth.username\"\n    value = \"shop\"\n  }\n"
                           "  set_sensitive {\n    name  = \"auth.password\"\n    value = \"«kd93kfo2xd»\"\n  }\n}\n"},
    Example{"main.tf", HELMME_RELEASE "  set = [\n    { name = \"replicas\", value = \"2\" },\n    { value = "
                                      "\"«kd93kfo2xd»\", name = \"api.token\" },\n  "
                                      "]\n}\n"},
    Example{"main.tf", HELMME_RELEASE "  values = [<<-EOT\n    auth:\n      password: «kd93kfo2xd»\n  EOT\n  ]\n}\n"},
};
constexpr std::array k_hm401_clean = {
    Example{"main.tf", HELMME_RELEASE
            "  # set { name = \"auth.password\" value = \"kd93kfo2xd\" }\n  set_sensitive {\n    name  = "
            "\"auth.password\"\n    value = var.password\n  }\n  set {\n    name  = \"auth.token\"\n    value = "
            "\"${var.token}\"\n  }\n  set {\n    name  = \"auth.existingSecret\"\n    value = \"shop-db\"\n  }\n}\n"},
    Example{"main.tf",
            "module \"helm_like\" {\n  set {\n    name  = \"auth.password\"\n    value = \"kd93kfo2xd\"\n  }\n}\n"},
    Example{
        "azure-pipelines.yml",
        "steps:\n  - task: HelmDeploy@0\n    inputs:\n      overrideValues: 'image.tag=1,auth.password=$(PASSWORD)'\n"},
    Example{".github/workflows/x.yml",
            "jobs:\n  a:\n    steps:\n      - run: helm upgrade a . --set auth.password=${{ secrets.PASSWORD }} --set "
            "auth.existingSecret=x\n"},
    Example{"deploy.sh", "#!/bin/sh\nhelm upgrade shop ./chart --set auth.password=\"$PASSWORD\" --set image.tag=1\n"},
};
constexpr std::array k_hm402_found = {
    Example{"secrets.yaml", "db:\n  password: «kd93kfo2xd»\n"},
    Example{"values.dec.yaml", "apiKey: «kd93kfo2xd»\n"},
};
constexpr std::array k_hm402_clean = {
    Example{"secrets.yaml", "db:\n  password: ref+vault://secret/shop#/password\n"},
    Example{"secrets.yaml", "password: ENC[AES256_GCM,data:abc,type:str]\nsops:\n  mac: ENC[x]\n"},
};
constexpr std::array k_hm403_found = {
    Example{".gitlab-ci.yml", "a:\n  script:\n    - helm repo add shop https://ci:«kd93kfo2xd»@charts.example.com\n"},
    Example{".github/workflows/x.yml",
            "jobs:\n  a:\n    steps:\n      - run: |\n          helm registry login r.example.com --username ci "
            "--password «kd93kfo2xd»\n"},
    Example{"Jenkinsfile", "sh 'docker login -u ci -p «kd93kfo2xd» r.example.com'\n"},
    Example{"deploy.sh", "#!/bin/sh\necho '«kd93kfo2xd»' | helm registry login r.example.com -u ci --password-stdin\n"},
    Example{"deploy.sh",
            "#!/bin/sh\nkubectl create secret generic shop --from-literal=user=shop "
            "--from-literal=password=«kd93kfo2xd»\n"},
    Example{"deploy.sh", "#!/bin/sh\ngit clone 'https://ci:«kd93#kfo2xd»@git.example.com/shop.git'\n"},
    Example{"main.tf", HELMME_RELEASE "  repository_password = \"«kd93kfo2xd»\"\n}\n"},
    Example{"main.tf", "provider \"helm\" {\n  registry {\n    password = \"«kd93kfo2xd»\"\n  }\n}\n"},
    Example{"Chart.yaml",
            "apiVersion: v2\nname: a\ndependencies:\n  - name: b\n    repository: "
            "https://ci:«kd93kfo2xd»@charts.example.com\n"},
};
constexpr std::array k_hm403_clean = {
    Example{".gitlab-ci.yml",
            "a:\n  script:\n    - helm registry login r.example.com --username ci --password $CI_JOB_TOKEN\n    - "
            "docker run -p 80:80 x\n"},
    Example{"Chart.yaml",
            "apiVersion: v2\nname: a\ndependencies:\n  - name: b\n    repository: https://charts.example.com\n"},
    Example{"deploy.sh",
            "#!/bin/sh\necho kd93kfo2xd; cat token.txt | helm registry login r.example.com -u ci "
            "--password-stdin\necho \"$PASSWORD\" | helm registry login r.example.com -u ci --password-stdin\n"
            "kubectl create secret generic shop --from-literal=password=\"$PASSWORD\" --from-literal=user=shop\n"},
    Example{"main.tf", HELMME_RELEASE "  repository_password = var.password\n}\n"},
};
constexpr std::array k_hm404_found = {
    Example{"values.yaml", "# «helm-me:allow HM101»\nreplicas: 1\n"},
    Example{"values.yaml", "# «helm-me:allow HM101 left over from the demo»\nreplicas: 1\n"},
};
constexpr std::array k_hm404_clean = {
    Example{"values.yaml",
            "# helm-me:allow HM101 the demo's own password, not used anywhere else\npassword: kd93kfo2xd\n"},
};

constexpr std::array k_rules = {
    Rule{"HM401", "literal credential for --set", Severity::error,
         "The value is in the CI file, in the log, in the process list, and Helm keeps it in the release.",
         "name an existing Secret, or put a placeholder such as ${secret:KEY} into the values",
         "helm upgrade shop ./chart --set auth.existingSecret=shop-credentials", k_hm401_found, k_hm401_clean},
    Rule{"HM402", "file of secrets in plain text", Severity::error,
         "By its name the file should be encrypted, or never be committed; it holds plain text.",
         "encrypt it: sops --encrypt --in-place FILE, and git-ignore what is decrypted", "*.dec\n*.dec.yaml",
         k_hm402_found, k_hm402_clean},
    Rule{"HM403", "credential in an address or on a command line", Severity::error,
         "CI prints the commands that it runs, and tools print the addresses that they use.",
         "log in with a masked variable on standard input",
         "echo \"$REGISTRY_PASSWORD\" | helm registry login r.example.com --username ci --password-stdin",
         k_hm403_found, k_hm403_clean},
    Rule{"HM404", "suppression without a reason or a finding", Severity::info,
         "A suppression that says no reason cannot be reviewed and is not followed; one that suppresses nothing hides "
         "the "
         "next finding that comes to stand there.",
         "write why: # helm-me:allow RULE reason, or take the comment out",
         "# helm-me:allow HM103 the demo's own password", k_hm404_found, k_hm404_clean},
};

}  // namespace

std::span<const Rule> ci_rule_table() { return k_rules; }

}  // namespace helmme::lint
