#include <iostream>

#include "cli/commands.h"

namespace helmme::cli {

void set_version_command(CLI::App& command, Config& config) {
  command.footer("usage: helm-me version\n");
  command.callback([&config] {
    config.action = [] {
      std::cout << "helm-me " << HELM_ME_VERSION << "\n";
      return 0;
    };
  });
}

}  // namespace helmme::cli
