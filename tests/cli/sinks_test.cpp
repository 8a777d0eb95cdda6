#include "cli/sinks.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "cli/descriptor.h"
#include "map_environment.h"

namespace helmme::cli {
namespace {

namespace fs = std::filesystem;

class Sinks : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = (fs::temp_directory_path() / "helm-me-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(path.data()), nullptr);
    folder_ = path;
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] static std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  [[nodiscard]] static base::Diagnostics wrong() {
    base::Diagnostics diagnostics;
    diagnostics.error({.kind = base::ErrorKind::bad_input, .message = "wrong"});
    return diagnostics;
  }

  // Reports with stderr in a file; returns what stood there.
  std::string stderr_of(const Surroundings& surroundings, const base::Diagnostics& diagnostics) {
    const fs::path path = folder_ / "stderr";
    const Descriptor before(dup(STDERR_FILENO));
    const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    dup2(file.get(), STDERR_FILENO);
    code_ = report(diagnostics, DiagnosticsFormat::text, surroundings);
    dup2(before.get(), STDERR_FILENO);
    return content(path);
  }

  fs::path folder_;
  int code_ = -1;
};

TEST_F(Sinks, FileIsAppendedAndPrivate) {
  const fs::path file = folder_ / "diagnostics";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(stderr_of({.diagnostics_file = file}, wrong()), "error: wrong\n");
  }
  EXPECT_EQ(code_, 3);
  EXPECT_EQ(content(file), "error: wrong\nerror: wrong\n");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Sinks, NothingToSayMakesNoFile) {
  EXPECT_EQ(stderr_of({.diagnostics_file = folder_ / "diagnostics"}, {}), "");
  EXPECT_FALSE(fs::exists(folder_ / "diagnostics"));
  EXPECT_EQ(code_, 0);
}

TEST_F(Sinks, SymlinkIsFollowedAndStays) {
  std::ofstream(folder_ / "real") << "before\n";
  fs::create_symlink("real", folder_ / "link");
  EXPECT_EQ(stderr_of({.diagnostics_file = folder_ / "link"}, wrong()), "error: wrong\n");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(content(folder_ / "real"), "before\nerror: wrong\n");
}

TEST_F(Sinks, DeviceIsWritten) {
  EXPECT_EQ(stderr_of({.diagnostics_file = "/dev/null"}, wrong()), "error: wrong\n");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(Sinks, PipeIsWritten) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const Descriptor reader(open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  EXPECT_EQ(stderr_of({.diagnostics_file = pipe}, wrong()), "error: wrong\n");
  std::array<char, 64> buffer{};
  const ssize_t count = read(reader.get(), buffer.data(), buffer.size());
  EXPECT_EQ(std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))), "error: wrong\n");
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(Sinks, FileThatCannotBeWrittenIsAWarning) {
  EXPECT_EQ(stderr_of({.diagnostics_file = folder_ / "no" / "such"}, wrong()),
            "error: wrong\nwarning: cannot write HELM_ME_DIAGNOSTICS (" + (folder_ / "no" / "such").string() +
                "): No such file or directory\n");
  EXPECT_EQ(code_, 3);
}

TEST_F(Sinks, OnePlaceUnderTwoNamesIsWrittenOnce) {
  EXPECT_EQ(stderr_of({.diagnostics_file = "/dev/stderr"}, wrong()), "error: wrong\n");
  EXPECT_EQ(stderr_of({.helm_stderr = "/proc/self/fd/2", .helm_4 = true}, wrong()), "error: wrong\n");
}

// What Helm's own stderr gets: all that Helm does not show itself.
TEST_F(Sinks, HelmsStderr) {
  base::Diagnostics remark;
  remark.warning({.message = "odd"});
  struct Case {
    bool helm_4;
    const base::Diagnostics& diagnostics;
    std::string expected;
  };
  const base::Diagnostics failure = wrong();
  for (const Case& one : {Case{false, remark, "warning: odd\n"}, Case{true, remark, "warning: odd\n"},
                          Case{false, failure, ""}, Case{true, failure, "error: wrong\n"}}) {
    const fs::path file = folder_ / "helm";
    std::ofstream(file).flush();
    EXPECT_NE(stderr_of({.helm_stderr = file, .helm_4 = one.helm_4}, one.diagnostics), "");
    EXPECT_EQ(content(file), one.expected);
  }
}

TEST_F(Sinks, UnderTheWrapperStderrGetsOneLineOfAFailure) {
  const fs::path file = folder_ / "diagnostics";
  EXPECT_EQ(stderr_of({.diagnostics_file = file, .wrapped = true}, wrong()), "helm-me: 1 error, shown below\n");
  EXPECT_EQ(content(file), "error: wrong\n");
  base::Diagnostics remark;
  remark.warning({.message = "odd"});
  EXPECT_EQ(stderr_of({.diagnostics_file = file, .wrapped = true}, remark), "");
  // Where the wrapper cannot be told, the user still is.
  EXPECT_EQ(stderr_of({.diagnostics_file = folder_ / "no" / "such", .wrapped = true}, wrong()), "error: wrong\n");
}

TEST(SinksSurroundings, AreReadFromTheEnvironment) {
  EXPECT_TRUE(look_around(MapEnvironment{{"TERM", "xterm"}}).may_colour);
  EXPECT_FALSE(look_around(MapEnvironment{{"TERM", "dumb"}}).may_colour);
  EXPECT_FALSE(look_around(MapEnvironment{{"NO_COLOR", "1"}}).may_colour);
  EXPECT_TRUE(look_around(MapEnvironment{{"NO_COLOR", ""}}).may_colour);
  EXPECT_TRUE(look_around(MapEnvironment{{"HELM_PLUGIN_NAME", "helm-me-post"}}).helm_4);
  EXPECT_FALSE(look_around(MapEnvironment{{"HELM_PLUGIN_NAME", "me"}}).helm_4);
  EXPECT_FALSE(look_around(MapEnvironment{{"HELM_ME_WRAPPED", "plain"}}).wrapped);
  const Surroundings wrapped =
      look_around(MapEnvironment{{"HELM_ME_WRAPPED", "colour"}, {"HELM_ME_DIAGNOSTICS", "/x"}});
  EXPECT_TRUE(wrapped.wrapped && wrapped.wrapper_colours);
}

}  // namespace
}  // namespace helmme::cli
