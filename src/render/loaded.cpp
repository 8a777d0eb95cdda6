#include "render/loaded.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace helmme::render {

Loaded::Loaded(manifest::Span where, manifest::Document parsed)
    : span(where), document(std::move(parsed)), objects(objects_of(document, where.begin)), editor(document) {
  for (const Object& object : objects) {
    if (object.kind == "Secret") {
      secrets.push_back({document[object.root].begin, document[object.root].end});
    }
  }
  std::sort(secrets.begin(), secrets.end(),
            [](const manifest::Span& a, const manifest::Span& b) { return a.begin < b.begin; });
}

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

}  // namespace helmme::render
