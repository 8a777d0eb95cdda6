// One request on its way: what libcurl is told of it, and what came back. Used by curl_client.cpp alone.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/curl_library.h"
#include "net/http.h"
#include "net/retry.h"
#include "net/url.h"

namespace helmme::net {

// Bytes that grow without leaving copies behind.
class SecretBuffer {
 public:
  SecretBuffer() = default;
  SecretBuffer(const SecretBuffer&) = delete;
  SecretBuffer& operator=(const SecretBuffer&) = delete;
  ~SecretBuffer();
  void append(std::string_view bytes);
  void clear() noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] base::Secret take();

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// bad_input where the request cannot be sent as it is.
[[nodiscard]] base::Result<Url> check_request(const Request& request);

class CurlTransfer {
 public:
  // All must outlive it.
  CurlTransfer(const CurlLibrary& library, const Request& request, Url url);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;
  ~CurlTransfer();

  // A handle ready for the next attempt, whose CURLOPT_PRIVATE is this object; nullptr: libcurl has none to give.
  [[nodiscard]] CURL* prepare(std::chrono::milliseconds left);

  // What an attempt came to; nullopt: it was a redirect that is followed, so there is another to make.
  struct Ended {
    Attempt attempt;
    base::Result<Response> result;
  };
  [[nodiscard]] std::optional<Ended> finish(CURLcode code, std::chrono::milliseconds left);

  [[nodiscard]] base::Error too_late() const;

 private:
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  void set_request();
  void set_limits(std::chrono::milliseconds left);
  void set_tls();
  [[nodiscard]] base::Error error(base::ErrorKind kind, const std::string& what, std::string help = {}) const;
  [[nodiscard]] std::optional<base::Error> redirect();
  [[nodiscard]] base::Error error_of(CURLcode code) const;
  [[nodiscard]] std::string connection_fault() const;

  const CurlLibrary& library_;
  const Request& request_;
  Url url_;
  CURL* handle_ = nullptr;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  unsigned attempts_ = 0;
  unsigned redirects_ = 0;
  SecretBuffer body_;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
};

}  // namespace helmme::net
