#include "cli/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string_view>

#include "cli/descriptor.h"

namespace helmme::cli {
namespace {

class DescriptorSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    // A log that cannot be written is no reason to fail.
    static_cast<void>(write_all(descriptor_, std::string_view(line.data(), line.size())));
  }
  void flush_() override {}

  int descriptor_;
};

}  // namespace

void start_log(const std::string& level, int descriptor) {
  auto logger = std::make_shared<spdlog::logger>("helm-me", std::make_shared<DescriptorSink>(descriptor));
  logger->set_pattern("%n: %Y-%m-%dT%H:%M:%S.%e %l %v");
  logger->set_level(level.empty() ? spdlog::level::off : spdlog::level::from_str(level));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace helmme::cli
