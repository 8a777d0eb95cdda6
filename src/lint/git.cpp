#include "lint/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/text.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace helmme::lint {
namespace {

struct Ended {
  int code = 0;
  std::string output;
};

std::string read_all(int descriptor) {
  std::string out;
  std::string block(std::size_t{64} << 10U, '\0');
  for (;;) {
    const ssize_t count = ::read(descriptor, block.data(), block.size());
    if (count > 0) {
      out.append(block.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      return out;
    }
  }
}

// Runs git in a folder. A repository's own settings may name programs to run (fsmonitor, hooks, external diffs): not
// from here. nullopt: there is no git.
std::optional<Ended> run_git(const std::string& folder, std::vector<std::string> words) {
  std::vector<std::string> all = {"git",
                                  "-C",
                                  folder.empty() ? "." : folder,
                                  "-c",
                                  "core.fsmonitor=false",
                                  "-c",
                                  "core.hooksPath=/dev/null",
                                  "-c",
                                  "core.quotePath=false",
                                  "--no-optional-locks"};
  all.insert(all.end(), std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
  std::vector<char*> arguments;
  arguments.reserve(all.size() + 1);
  for (std::string& word : all) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  int pipe[2] = {-1, -1};
  if (::pipe2(pipe, O_CLOEXEC) != 0) {
    return std::nullopt;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, "git", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  Ended ended;
  if (failed == 0) {
    ended.output = read_all(pipe[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  }
  ::close(pipe[0]);
  return failed == 0 ? std::optional(std::move(ended)) : std::nullopt;
}

std::vector<std::string> split_at_nul(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

base::Error git_error(std::string message, std::string help) {
  return {.kind = base::ErrorKind::usage, .message = std::move(message), .help = std::move(help)};
}

}  // namespace

std::optional<std::vector<std::string>> git_files(const std::string& folder) {
  const std::optional<Ended> ended = run_git(folder, {"ls-files", "-co", "--exclude-standard", "-z"});
  if (!ended || ended->code != 0) {
    return std::nullopt;
  }
  std::vector<std::string> files = split_at_nul(ended->output);
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

std::vector<std::size_t> new_lines_of(std::string_view diff) {
  std::vector<std::size_t> lines;
  for (std::size_t at = 0; at < diff.size();) {
    const std::size_t end = std::min(diff.find('\n', at), diff.size());
    const std::string_view line = diff.substr(at, end - at);
    const std::size_t plus = line.starts_with("@@ ") ? line.find(" +") : std::string_view::npos;
    if (plus != std::string_view::npos) {
      std::size_t first = 0;
      std::size_t count = 1;
      const char* stop = line.data() + line.size();
      const auto read = std::from_chars(line.data() + plus + 2, stop, first);
      if (read.ptr < stop && *read.ptr == ',') {
        std::from_chars(read.ptr + 1, stop, count);
      }
      for (std::size_t i = 0; i < count; ++i) {
        lines.push_back(first + i);
      }
    }
    at = end + 1;
  }
  return lines;
}

base::Result<ChangedLines> git_changes(const std::string& folder, const std::string& revision) {
  if (revision.starts_with("-")) {
    return base::fail(git_error("not a revision: " + base::printable(revision), "helm-me lint --since main"));
  }
  std::vector<std::string> what = {"--no-ext-diff", "--no-textconv", "--no-color", "--relative"};
  if (revision.empty()) {
    what.emplace_back("--cached");
  } else {
    what.insert(what.end(), {"--merge-base", revision});
  }
  std::vector<std::string> names = {"diff", "--name-only", "-z", "--diff-filter=ACMRT"};
  names.insert(names.end(), what.begin(), what.end());
  names.emplace_back("--");
  const std::optional<Ended> listed = run_git(folder, std::move(names));
  if (!listed || listed->code != 0) {
    return base::fail(revision.empty()
                          ? git_error("--staged needs a git repository", "run it inside of one, with git on PATH")
                          : git_error("git knows no revision " + base::printable(revision) + " here",
                                      "name a commit or a branch that is fetched"));
  }
  ChangedLines changes;
  for (const std::string& file : split_at_nul(listed->output)) {
    std::vector<std::string> diff = {"diff", "-U0"};
    diff.insert(diff.end(), what.begin(), what.end());
    diff.insert(diff.end(), {"--", file});
    const std::optional<Ended> ended = run_git(folder, std::move(diff));
    changes[file] = ended ? new_lines_of(ended->output) : std::vector<std::size_t>();
  }
  return changes;
}

base::Result<std::string> git_staged_text(const std::string& folder, const std::string& file) {
  std::optional<Ended> ended = run_git(folder, {"show", ":./" + file});
  if (!ended || ended->code != 0) {
    return base::fail({.kind = base::ErrorKind::bad_input,
                       .message = "git cannot show what is staged of " + base::printable(file),
                       .help = "git add it again"});
  }
  return std::move(ended->output);
}

}  // namespace helmme::lint
