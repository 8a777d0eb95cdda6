#include "base/inside_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "folder_for_tests.h"

namespace helmme::base {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t k_limit = std::size_t{1} << 20U;

class FileInside : public ::testing::Test {
 protected:
  FileInside() {
    outer_.write("outside", "secret");
    outer_.write("in/a", "inside");
    outer_.write("in/d/b", "deep");
    outer_.write("inner/a", "neighbour");
    outer_.write("in/big", std::string(k_limit + 1, 'x'));
    outer_.write("in/full", std::string(k_limit, 'x'));
    link("../outside", "escape");
    link("..", "up");
    link("/etc/passwd", "absolute");
    link("../inner/a", "neighbour");
    link("a", "same");
    link(folder() + "/d/b", "absolute-inside");
    link("/dev/zero", "device");
    link("none", "dangling");
    ::mkfifo((folder() + "/fifo").c_str(), 0600);
  }
  void link(const std::string& to, const std::string& name) {
    std::filesystem::create_symlink(to, folder() + "/" + name);
  }
  [[nodiscard]] std::string folder() const { return outer_.path() + "/in"; }

  Folder outer_;
};

TEST_F(FileInside, Reads) {
  for (const auto& [path, text] : std::vector<std::pair<std::string, std::string>>{{"a", "inside"},
                                                                                   {"./a", "inside"},
                                                                                   {"d/../a", "inside"},
                                                                                   {"d/b", "deep"},
                                                                                   {"same", "inside"},
                                                                                   {"absolute-inside", "deep"},
                                                                                   {"../in/a", "inside"},
                                                                                   {folder() + "/a", "inside"}}) {
    const auto content = read_inside("f:", folder(), path, k_limit);
    ASSERT_TRUE(content.has_value()) << path << ": " << content.error().message;
    EXPECT_EQ(content->reveal(), text);
  }
  EXPECT_TRUE(read_inside("f:", folder() + "/", "a", k_limit).has_value());
  EXPECT_TRUE(read_inside("f:", folder() + "/up/in", "a", k_limit).has_value());
  EXPECT_EQ(read_inside("f:", folder(), "full", k_limit)->size(), k_limit);
}

// A file of /proc has no size: the buffer has to grow.
TEST(ReadInside, ReadsWhatHasNoSize) {
  const auto whole = read_inside("f:", "/proc", "/proc/self/mountinfo", k_limit);
  ASSERT_TRUE(whole.has_value()) << whole.error().message;
  EXPECT_GT(whole->size(), 100U);
  EXPECT_TRUE(whole->reveal().ends_with('\n'));
  EXPECT_FALSE(read_inside("f:", "/proc", "/proc/self/mountinfo", 100).has_value());
}

TEST_F(FileInside, Refuses) {
  struct Case {
    std::string path;
    ErrorKind kind;
    std::string message;
  };
  const auto bad = ErrorKind::bad_input;
  for (const Case& test : std::vector<Case>{{"../outside", bad, "is outside the policy's folder"},
                                            {"d/../../outside", bad, "is outside the policy's folder"},
                                            {"/etc/passwd", bad, "is outside the policy's folder"},
                                            {"../none", bad, "is outside the policy's folder"},
                                            {"escape", bad, "a symlink leads out of it"},
                                            {"up/outside", bad, "a symlink leads out of it"},
                                            {"absolute", bad, "a symlink leads out of it"},
                                            {"neighbour", bad, "a symlink leads out of it"},
                                            {"device", bad, "a symlink leads out of it"},
                                            {"fifo", bad, "is no regular file"},
                                            {"d", bad, "is no regular file"},
                                            {"big", bad, "is larger than 1 MiB"},
                                            {"", bad, "is empty"},
                                            {std::string("a\0b", 3), bad, "holds a NUL"},
                                            {"none", ErrorKind::not_found, "does not exist"},
                                            {"dangling", ErrorKind::not_found, "does not exist"},
                                            {"a/b", ErrorKind::not_found, "does not exist"}}) {
    const auto content = read_inside("f:", folder(), test.path, k_limit);
    ASSERT_FALSE(content.has_value()) << test.path;
    EXPECT_EQ(content.error().kind, test.kind) << test.path;
    EXPECT_THAT(content.error().message, HasSubstr(test.message));
  }
}

}  // namespace
}  // namespace helmme::base
