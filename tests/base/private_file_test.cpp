#include "base/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace helmme::base {
namespace {

namespace fs = std::filesystem;

class PrivateFiles : public ::testing::Test {
 protected:
  PrivateFiles() {
    std::string name = (fs::temp_directory_path() / "private-file-test-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ + "/file";
  }
  ~PrivateFiles() override { fs::remove_all(folder_); }

  void put(const std::string& path, const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
  [[nodiscard]] std::string get(const std::string& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] static mode_t mode(const std::string& path) {
    struct stat status {};
    ::lstat(path.c_str(), &status);
    return status.st_mode & 07777U;
  }

  std::string folder_;
  std::string path_;
};

TEST_F(PrivateFiles, WrittenForTheOwnerAloneUnderAnyUmask) {
  for (const mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0777}}) {
    const mode_t before = ::umask(mask);
    ASSERT_TRUE(write_private_file("the file", path_, "value"));
    ::umask(before);
    EXPECT_EQ(mode(path_), 0600U) << mask;
    EXPECT_EQ(get(path_), "value");
    fs::remove(path_);
  }
}

TEST_F(PrivateFiles, ReplaceWhatWasThereAndWhatAKilledRunLeft) {
  put(path_, "old");
  ::chmod(path_.c_str(), 0644);
  put(path_ + ".new", "half of");
  ::chmod(path_.c_str(), 0666);
  ASSERT_TRUE(write_private_file("the file", path_, std::string("n\0w", 3)));
  EXPECT_EQ(get(path_), std::string("n\0w", 3));
  EXPECT_EQ(mode(path_), 0600U);
  EXPECT_FALSE(fs::exists(path_ + ".new"));
}

TEST_F(PrivateFiles, FollowNoSymlink) {
  put(folder_ + "/target", "theirs");
  fs::create_symlink("target", path_);
  const auto read = read_private_file("the file", path_, 100);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::bad_input);
  EXPECT_EQ(read.error().message, "the file " + path_ + " is a symlink, which is not followed");
  ASSERT_FALSE(write_private_file("the file", path_, "ours"));
  EXPECT_EQ(get(folder_ + "/target"), "theirs");
  EXPECT_TRUE(fs::is_symlink(path_));
  // Nor where a new one is made.
  fs::remove(path_);
  fs::create_symlink("target", path_ + ".new");
  ASSERT_TRUE(write_private_file("the file", path_, "ours"));
  EXPECT_EQ(get(folder_ + "/target"), "theirs");
  EXPECT_EQ(get(path_), "ours");
}

TEST_F(PrivateFiles, AreFilesAndNothingElse) {
  fs::create_directory(path_);
  EXPECT_EQ(read_private_file("the file", path_, 100).error().kind, ErrorKind::bad_input);
  EXPECT_EQ(write_private_file("the file", path_, "x").error().kind, ErrorKind::bad_input);
  fs::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(read_private_file("the file", path_, 100).error().kind, ErrorKind::bad_input);
}

TEST_F(PrivateFiles, ReadWholeUpToTheLimit) {
  ASSERT_TRUE(read_private_file("the file", path_, 5));
  EXPECT_FALSE(read_private_file("the file", path_, 5)->has_value());
  put(path_, "value");
  ::chmod(path_.c_str(), 0640);
  const auto read = read_private_file("the file", path_, 5);
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->bytes.reveal(), "value");
  EXPECT_EQ((*read)->mode, 0640U);
  EXPECT_EQ(read_private_file("the file", path_, 4).error().kind, ErrorKind::bad_input);
}

TEST_F(PrivateFiles, AFailureLeavesTheOldFile) {
  put(path_, "old");
  // Where the folder is no folder.
  const auto written = write_private_file("the file", path_ + "/below", "new");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(get(path_), "old");
  // Where the new file cannot be made.
  fs::create_directory(path_ + ".new");
  put(path_ + ".new/occupied", "");
  ASSERT_FALSE(write_private_file("the file", path_, "new"));
  EXPECT_EQ(get(path_), "old");
}

TEST_F(PrivateFiles, FoldersAreMadeForTheOwnerAlone) {
  const std::string deep = folder_ + "/a/b/c";
  const mode_t before = ::umask(0777);
  const Result<void> made = make_private_folder("the folder", deep);
  ::umask(before);
  ASSERT_TRUE(made);
  ASSERT_TRUE(make_private_folder("the folder", deep));
  for (const char* name : {"/a", "/a/b", "/a/b/c"}) {
    EXPECT_EQ(mode(folder_ + name), 0700U) << name;
  }
  put(folder_ + "/file", "");
  EXPECT_FALSE(make_private_folder("the folder", folder_ + "/file"));
  EXPECT_FALSE(make_private_folder("the folder", folder_ + "/file/below"));
}

TEST_F(PrivateFiles, ALockIsHeldByOneWriterOrManyReaders) {
  using Kind = FileLock::Kind;
  // Where there is no file nobody has ever written: a reader makes none.
  ASSERT_TRUE(FileLock::take("the lock", path_, Kind::shared, 0));
  EXPECT_FALSE(fs::exists(path_));
  {
    const auto writer = FileLock::take("the lock", path_, Kind::exclusive, 0);
    ASSERT_TRUE(writer);
    const auto second = FileLock::take("the lock", path_, Kind::exclusive, 0);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::unavailable);
    EXPECT_EQ(second.error().message, "another process holds the lock " + path_);
    EXPECT_FALSE(FileLock::take("the lock", path_, Kind::shared, 0));
  }
  const auto reader = FileLock::take("the lock", path_, Kind::shared, 0);
  ASSERT_TRUE(reader);
  EXPECT_TRUE(FileLock::take("the lock", path_, Kind::shared, 0));
  EXPECT_FALSE(FileLock::take("the lock", path_, Kind::exclusive, 0));
}

}  // namespace
}  // namespace helmme::base
