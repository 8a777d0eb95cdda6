#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "base/environment.h"
#include "cli/commands.h"

namespace {

// A crash leaves no values on the disk. A reader that goes away is an EPIPE, not our death.
void harden() {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_DUMPABLE, 0);
  std::signal(SIGPIPE, SIG_IGN);
  // Where a standard descriptor is closed, the next file to be opened would take its place, and be written to.
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) < 0) {
      // The wrong way round, so that its use fails as before.
      open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    harden();
    const std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "helm-me";
    const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
    return helmme::cli::run(name, arguments, helmme::base::ProcessEnvironment());
  } catch (...) {
    // What a stranger's exception says may quote input.
    std::cerr << "error: a failure inside helm-me\nhelp: this is a bug; please report what you ran\n";
    return 70;
  }
}
