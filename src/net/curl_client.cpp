#include "net/curl_client.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "net/curl_library.h"
#include "net/curl_transfer.h"

namespace helmme::net {

using base::Result;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

Result<Response> HttpClient::send(const Request& request, Deadline deadline) {
  return std::move(send_all({&request, 1}, deadline).front());
}

struct CurlClient::Handles {
  explicit Handles(CurlLibrary from) : library(from), multi(library.multi_init()) {}
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    if (multi != nullptr) {
      library.multi_cleanup(multi);
    }
  }

  CurlLibrary library;
  CURLM* multi;
};

// One call of send_all().
class CurlClient::Batch {
 public:
  Batch(Handles& handles, std::size_t concurrency, std::minstd_rand& jitter, Deadline deadline)
      : handles_(handles), concurrency_(concurrency), jitter_(jitter), deadline_(deadline) {}

  void add(const Request& request) {
    Result<Url> url = check_request(request);
    Item& item = items_.emplace_back();
    if (!url) {
      item.result = base::fail(std::move(url).error());
      return;
    }
    item.transfer = std::make_unique<CurlTransfer>(handles_.library, request, *std::move(url));
    item.due = steady_clock::now();
    ++open_;
  }

  std::vector<Result<Response>> run() {
    while (open_ > 0 && steady_clock::now() < deadline_) {
      const std::optional<Deadline> next = start_due();
      int running = 0;
      handles_.library.multi_perform(handles_.multi, &running);
      if (take_ended()) {
        continue;  // there is room for others
      }
      const auto until = next ? std::min(*next, deadline_) : deadline_;
      const auto wait = std::chrono::ceil<milliseconds>(until - steady_clock::now());
      handles_.library.multi_poll(handles_.multi, nullptr, 0,
                                  static_cast<int>(std::clamp<milliseconds::rep>(wait.count(), 0, 1000)), nullptr);
    }
    std::vector<Result<Response>> results;
    results.reserve(items_.size());
    for (Item& item : items_) {
      if (!item.result) {
        stop(item);
        item.result = item.last ? std::move(item.last) : base::fail(item.transfer->too_late());
      }
      results.push_back(*std::move(item.result));
    }
    return results;
  }

 private:
  struct Item {
    std::unique_ptr<CurlTransfer> transfer;
    CURL* running = nullptr;
    Deadline due;                            // of the next attempt, where none is running
    std::optional<Result<Response>> last;    // what the attempt before came to
    std::optional<Result<Response>> result;  // set: done
  };

  [[nodiscard]] milliseconds left() const { return std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now()); }

  // Starts what is due and has room. When the next is due, where it only waits for its time.
  std::optional<Deadline> start_due() {
    std::optional<Deadline> next;
    const auto now = steady_clock::now();
    for (Item& item : items_) {
      if (item.result || item.running != nullptr) {
        continue;
      }
      if (item.due > now) {
        next = next ? std::min(*next, item.due) : item.due;
      } else if (under_way_ < concurrency_) {
        start(item);
      }
    }
    return next;
  }

  void start(Item& item) {
    CURL* const handle = item.transfer->prepare(left());
    if (handle == nullptr || handles_.library.multi_add_handle(handles_.multi, handle) != CURLM_OK) {
      item.result = base::fail({.kind = base::ErrorKind::unavailable, .message = "libcurl cannot send a request"});
      --open_;
      return;
    }
    item.running = handle;
    ++under_way_;
  }

  void stop(Item& item) {
    if (item.running != nullptr) {
      handles_.library.multi_remove_handle(handles_.multi, std::exchange(item.running, nullptr));
      --under_way_;
    }
  }

  bool take_ended() {
    bool any = false;
    int remaining = 0;
    while (const CURLMsg* const message = handles_.library.multi_info_read(handles_.multi, &remaining)) {
      if (message->msg == CURLMSG_DONE) {
        // The message dies with the handle's removal.
        const CURLcode code = message->data.result;
        CURL* const handle = message->easy_handle;
        const auto item = std::find_if(items_.begin(), items_.end(), [&](Item& one) { return one.running == handle; });
        stop(*item);
        end(*item, code);
        any = true;
      }
    }
    return any;
  }

  void end(Item& item, CURLcode code) {
    std::optional<CurlTransfer::Ended> ended = item.transfer->finish(code, left());
    item.due = steady_clock::now();
    if (!ended) {
      return;
    }
    const double jitter = std::uniform_real_distribution<double>(0, 1)(jitter_);
    if (const auto delay = delay_before_next(ended->attempt, jitter)) {
      item.due += *delay;
      item.last = std::move(ended->result);
    } else {
      item.result = std::move(ended->result);
      --open_;
    }
  }

  Handles& handles_;
  std::size_t concurrency_;
  std::minstd_rand& jitter_;
  Deadline deadline_;
  std::deque<Item> items_;  // places stay: libcurl holds pointers to transfers
  std::size_t open_ = 0;
  std::size_t under_way_ = 0;
};

CurlClient::CurlClient(std::size_t concurrency)
    : concurrency_(std::clamp<std::size_t>(concurrency, 1, k_most_concurrency)), jitter_(std::random_device{}()) {}

CurlClient::~CurlClient() = default;

std::vector<Result<Response>> CurlClient::send_all(std::span<const Request> requests, Deadline deadline) {
  if (!handles_) {
    Result<CurlLibrary> library = CurlLibrary::load();
    if (!library) {
      std::vector<Result<Response>> all;
      for (std::size_t i = 0; i < requests.size(); ++i) {
        all.emplace_back(base::fail(library.error()));
      }
      return all;
    }
    handles_ = std::make_unique<Handles>(*library);
    handles_->library.multi_setopt(handles_->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, static_cast<long>(concurrency_));
    handles_->library.multi_setopt(handles_->multi, CURLMOPT_MAXCONNECTS, static_cast<long>(concurrency_));
  }
  Batch batch(*handles_, concurrency_, jitter_, deadline);
  for (const Request& request : requests) {
    batch.add(request);
  }
  return batch.run();
}

}  // namespace helmme::net
