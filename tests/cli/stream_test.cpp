#include "cli/stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

// A file without a name that holds `text`.
Descriptor file_with(std::string_view text) {
  Descriptor file(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  EXPECT_EQ(write_all(file.get(), text), 0);
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

struct Pipe {
  Descriptor reader;
  Descriptor writer;
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
};

std::string text_of(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + (i * 7 + i / 1000) % 26);
  }
  return text;
}

std::string read_back(int descriptor, int output = -1) {
  const base::Result<InputBytes> bytes = read_input(descriptor, output, "x");
  return bytes ? std::string(bytes->view()) : "error: " + bytes.error().message;
}

TEST(Stream, FilesOfAllSizes) {
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 3000000U}) {
    EXPECT_EQ(read_back(file_with(text_of(size)).get()), text_of(size)) << size;
  }
}

TEST(Stream, AFileIsReadFromItsOffsetToItsEnd) {
  for (const std::size_t offset : {1U, 4096U, 5000U, 9999U, 10000U, 20000U}) {
    const Descriptor file = file_with(text_of(10000));
    lseek(file.get(), static_cast<off_t>(offset), SEEK_SET);
    EXPECT_EQ(read_back(file.get()), text_of(10000).substr(std::min<std::size_t>(offset, 10000))) << offset;
    EXPECT_GE(lseek(file.get(), 0, SEEK_CUR), 10000);
  }
}

TEST(Stream, PipesOfAllSizes) {
  for (const std::size_t size : {0U, 1U, 65536U, 1048576U, 5000001U}) {
    Pipe pipe;
    std::thread writer([&] {
      EXPECT_EQ(write_all(pipe.writer.get(), text_of(size)), 0);
      pipe.writer = Descriptor();
    });
    EXPECT_EQ(read_back(pipe.reader.get()), text_of(size)) << size;
    writer.join();
  }
}

TEST(Stream, AFileThatIsWrittenInPlaceIsCopiedFirst) {
  const Descriptor file = file_with(text_of(10000));
  const base::Result<InputBytes> bytes = read_input(file.get(), file.get(), "x");
  ASSERT_TRUE(bytes);
  lseek(file.get(), 0, SEEK_SET);
  ASSERT_EQ(write_all(file.get(), std::string(10000, '!')), 0);
  EXPECT_EQ(bytes->view(), text_of(10000));
}

TEST(Stream, FilesOfProcAreRead) { EXPECT_NE(open_input("/proc/self/status", -1)->view(), ""); }

TEST(Stream, WhatCannotBeRead) {
  const auto kind_and_message = [](const std::string& path) {
    const base::Result<InputBytes> bytes = open_input(path, -1);
    return bytes ? std::string() : std::to_string(base::exit_code(bytes.error().kind)) + " " + bytes.error().message;
  };
  EXPECT_EQ(kind_and_message("/no/such"), "5 cannot read input /no/such: No such file or directory");
  EXPECT_EQ(kind_and_message("/tmp"), "3 cannot read input /tmp: Is a directory");
  EXPECT_EQ(read_text("policy", "/tmp").error().message, "cannot read policy /tmp: Is a directory");
  EXPECT_EQ(read_text("policy", "/no\n").error().message, "cannot read policy /no\\x0a: No such file or directory");
}

TEST(Stream, PiecesAreWrittenInOrder) {
  const std::string text = text_of(3000000);
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size(); at += 777) {  // more than one writev takes
    pieces.push_back(std::string_view(text).substr(at, 777));
    pieces.emplace_back();
  }
  const Descriptor file = file_with("");
  EXPECT_EQ(write_output(file.get(), pieces), Written::all);
  lseek(file.get(), 0, SEEK_SET);
  EXPECT_EQ(read_back(file.get()), text);
}

TEST(Stream, APipeThatDoesNotBlockTakesAll) {
  Pipe pipe;
  fcntl(pipe.writer.get(), F_SETFL, O_NONBLOCK);
  fcntl(pipe.reader.get(), F_SETFL, O_NONBLOCK);
  const std::string text = text_of(5000000);
  std::thread writer([&] {
    EXPECT_EQ(write_output(pipe.writer.get(), {text, "end"}), Written::all);
    pipe.writer = Descriptor();
  });
  EXPECT_EQ(read_back(pipe.reader.get()), text + "end");
  writer.join();
}

TEST(Stream, AReaderThatLeavesIsNoError) {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  pipe.reader = Descriptor();
  EXPECT_EQ(write_output(pipe.writer.get(), {"x"}), Written::reader_left);
}

TEST(Stream, AFullDiskIsAnError) {
  const Descriptor full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  const base::Result<Written> written = write_output(full.get(), {"x"});
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().message, "cannot write the output: No space left on device");
  EXPECT_EQ(base::exit_code(written.error().kind), 6);
}

}  // namespace
}  // namespace helmme::cli
