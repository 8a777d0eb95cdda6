#include "render/loaded.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/text.h"

namespace helmme::render {

void for_each_in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr thrown;
  std::mutex thrown_lock;
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        work(i);
      }
    } catch (...) {
      const std::lock_guard<std::mutex> hold(thrown_lock);
      thrown = std::current_exception();
    }
  };
  // A thread costs more than a handful of small documents.
  const std::size_t helpers = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), (count + 7) / 8);
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < helpers; ++i) {
    threads.emplace_back(run);
  }
  run();
  threads.clear();
  if (thrown) {
    std::rethrow_exception(thrown);
  }
}

base::Location Places::of(const Loaded& loaded, const Object& object, manifest::NodeId id,
                          std::string_view excerpt) const {
  const manifest::Node& node = loaded.document[id];
  const std::string_view written = loaded.document.bytes().substr(node.begin, node.end - node.begin);
  std::size_t offset = node.begin;
  std::size_t length = std::min(written.find_first_of("\r\n"), written.size());
  if (const std::size_t at = excerpt.empty() ? std::string_view::npos : written.find(excerpt);
      at != std::string_view::npos) {
    offset += at;
    length = excerpt.size();
  }
  base::Location location =
      base::locate(stream_name_, stream_, loaded.span.begin + offset, length, object.kind == "Secret");
  const std::string path = loaded.document.path(id, object.root);
  location.object = object.title() + (path.empty() ? "" : " " + path);
  return location;
}

}  // namespace helmme::render
