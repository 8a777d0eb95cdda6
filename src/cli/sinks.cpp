#include "cli/sinks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "cli/descriptor.h"
#include "cli/stream.h"

namespace helmme::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds k_pipe_patience{2000};
constexpr std::chrono::milliseconds k_pipe_pause{20};

bool is_helm(const std::string& process) {
  std::error_code ignored;
  if (fs::read_symlink(process + "/exe", ignored).filename().string().starts_with("helm")) {
    return true;
  }
  const base::Result<std::string> name = read_text("process", process + "/comm");
  return name && name->starts_with("helm");
}

// Helm's stderr, where our parent is Helm and has given us pipes of its own instead: it runs us as a post-renderer. As
// the plugin `helm me` we have Helm's own descriptors.
std::string stderr_of_helm() {
  const std::string process = "/proc/" + std::to_string(getppid());
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat ours {};
    struct stat theirs {};
    const std::string path = process + "/fd/" + std::to_string(descriptor);
    if (fstat(descriptor, &ours) != 0 || !S_ISFIFO(ours.st_mode) || stat(path.c_str(), &theirs) != 0 ||
        is_same_file(ours, theirs)) {
      return {};
    }
  }
  return is_helm(process) ? process + "/fd/2" : std::string();
}

// Helm's stdout and stderr in one file without O_APPEND (`> all.yaml 2>&1`): Helm will write its manifests over our
// text, from its own offset on, and what is longer would be left between them.
bool would_mix_with_manifests(const std::string& helm_stderr) {
  const std::string process = helm_stderr.substr(0, helm_stderr.rfind("/fd/"));
  struct stat out {};
  struct stat err {};
  if (stat((process + "/fd/1").c_str(), &out) != 0 || stat(helm_stderr.c_str(), &err) != 0 || !S_ISREG(err.st_mode) ||
      !is_same_file(out, err)) {
    return false;
  }
  const base::Result<std::string> info = read_text("process", process + "/fdinfo/2");
  constexpr std::string_view k_flags = "flags:\t";
  const std::size_t at = info ? info->find(k_flags) : std::string::npos;
  // proc(5): octal.
  return at == std::string::npos || (std::stol(info->substr(at + k_flags.size()), nullptr, 8) & O_APPEND) == 0;
}

class Places {
 public:
  Places(const base::Diagnostics& diagnostics, DiagnosticsFormat format, bool may_colour)
      : plain_(format == DiagnosticsFormat::json ? format_json(diagnostics) : format_text(diagnostics, false)),
        coloured_(format == DiagnosticsFormat::json || !may_colour ? plain_ : format_text(diagnostics, true)) {}

  [[nodiscard]] bool silent() const { return plain_.empty(); }

  // Writes to a descriptor that was not written to under another name. Returns 0, or errno.
  int write(int descriptor, bool always_colour = false) {
    struct stat file {};
    if (fstat(descriptor, &file) != 0) {
      return errno;
    }
    if (std::any_of(done_.begin(), done_.end(), [&](const struct stat& other) { return is_same_file(file, other); })) {
      return 0;
    }
    done_.push_back(file);
    return write_all(descriptor, always_colour || isatty(descriptor) == 1 ? coloured_ : plain_);
  }

 private:
  std::string plain_;
  std::string coloured_;
  std::vector<struct stat> done_;
};

// Under the wrapper: what is shown of a failure at once, the rest follows when Helm has ended.
std::string summary(const base::Diagnostics& diagnostics) {
  const std::size_t count = diagnostics.errors.size();
  return "helm-me: " + std::to_string(count) + (count == 1 ? " error" : " errors") + ", shown below\n";
}

}  // namespace

Surroundings look_around(const base::Environment& environment) {
  Surroundings found;
  found.diagnostics_file = environment.get(k_diagnostics_variable).value_or("");
  const std::string wrapped = environment.get(k_wrapped_variable).value_or("");
  found.wrapped = !wrapped.empty() && !found.diagnostics_file.empty();
  found.may_colour = environment.get("NO_COLOR").value_or("").empty() && environment.get("TERM").value_or("") != "dumb";
  found.wrapper_colours = found.wrapped && wrapped == "colour";
  // Helm 4 runs post-renderers as plugins, and only those get a plugin's name that is ours.
  found.helm_4 = environment.get("HELM_PLUGIN_NAME").value_or("").starts_with(k_post_name);
  if (!found.wrapped) {
    found.helm_stderr = stderr_of_helm();
  }
  return found;
}

int open_for_append(const std::string& path) {
  const auto give_up = std::chrono::steady_clock::now() + k_pipe_patience;
  while (true) {
    const int descriptor =
        open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) {
      fcntl(descriptor, F_SETFL, O_APPEND);
      return descriptor;
    }
    // fifo(7): nobody reads it yet.
    if (errno != ENXIO || std::chrono::steady_clock::now() >= give_up) {
      return -1;
    }
    std::this_thread::sleep_for(k_pipe_pause);
  }
}

int report(const base::Diagnostics& diagnostics, DiagnosticsFormat format, const Surroundings& surroundings) {
  Places places(diagnostics, format, surroundings.may_colour);
  if (places.silent()) {
    return 0;
  }
  bool told_wrapper = false;
  int problem = 0;
  if (surroundings.wrapped) {
    const Descriptor file(open_for_append(surroundings.diagnostics_file));
    told_wrapper = file.is_open() && places.write(file.get(), surroundings.wrapper_colours) == 0;
  }
  if (!told_wrapper) {
    static_cast<void>(places.write(STDERR_FILENO));
  } else if (diagnostics.failed()) {
    static_cast<void>(write_all(STDERR_FILENO, summary(diagnostics)));
  }
  if (!surroundings.helm_stderr.empty() && (!diagnostics.failed() || surroundings.helm_4) &&
      !would_mix_with_manifests(surroundings.helm_stderr)) {
    const Descriptor file(open(surroundings.helm_stderr.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC));
    if (file.is_open()) {
      static_cast<void>(places.write(file.get()));
    }
  }
  if (!surroundings.diagnostics_file.empty() && !surroundings.wrapped) {
    const Descriptor file(open_for_append(surroundings.diagnostics_file));
    problem = file.is_open() ? places.write(file.get()) : errno;
  }
  if (problem != 0) {
    static_cast<void>(write_all(STDERR_FILENO, "warning: cannot write " + std::string(k_diagnostics_variable) + " (" +
                                                   base::printable(surroundings.diagnostics_file) +
                                                   "): " + system_message(problem) + "\n"));
  }
  return exit_code_of(diagnostics);
}

int fail_with(base::Error error, DiagnosticsFormat format, const Surroundings& surroundings) {
  base::Diagnostics diagnostics;
  diagnostics.error(std::move(error));
  return report(diagnostics, format, surroundings);
}

}  // namespace helmme::cli
