#include "net/curl_transfer.h"

#include <openssl/x509_vfy.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace helmme::net {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t k_header_limit = std::size_t{256} << 10U;  // of all headers of an answer together
constexpr unsigned k_most_redirects = 5;
constexpr milliseconds k_connect_limit(10000);
constexpr const char* k_user_agent = "helm-me/" HELM_ME_VERSION;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos; }

// What OpenSSL says of a certificate (CURLINFO_SSL_VERIFYRESULT), in few words.
std::string certificate_fault(long verified) {
  switch (verified) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "its certificate is signed by an authority that is not trusted here";
    default:
      return "its certificate is not valid for this name, or not trusted here";
  }
}

}  // namespace

SecretBuffer::~SecretBuffer() { clear(); }

void SecretBuffer::clear() noexcept {
  if (size_ > 0) {
    base::cleanse({bytes_.get(), size_});
  }
  size_ = 0;
}

void SecretBuffer::append(std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  if (size_ + bytes.size() > capacity_) {
    const std::size_t capacity = std::max<std::size_t>({4096, capacity_ * 2, size_ + bytes.size()});
    auto larger = std::make_unique<char[]>(capacity);
    if (size_ > 0) {
      std::memcpy(larger.get(), bytes_.get(), size_);
      base::cleanse({bytes_.get(), size_});
    }
    bytes_ = std::move(larger);
    capacity_ = capacity;
  }
  std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

base::Secret SecretBuffer::take() {
  base::Secret taken({bytes_.get(), size_});
  clear();
  return taken;
}

base::Result<Url> check_request(const Request& request) {
  std::optional<Url> url = parse_url(request.url);
  const auto bad = [&](const std::string& what) {
    return base::fail({.kind = base::ErrorKind::bad_input, .message = (url ? url->origin() + ": " : "") + what});
  };
  if (!url) {
    return bad("a server's address is no http:// or https:// URL, or holds a user or password");
  }
  for (const Header& header : request.headers) {
    if (has_line_break(header.name) || has_line_break(header.value.reveal())) {
      return bad("the value of header " + base::printable(header.name) + " holds a line break");
    }
  }
  for (const std::string& file : {request.tls.ca_file, request.tls.certificate_file, request.tls.key_file}) {
    if (!file.empty() && ::access(file.c_str(), R_OK) != 0) {
      return bad("cannot read " + base::printable(file) + ": " + std::generic_category().message(errno));
    }
  }
  return *std::move(url);
}

CurlTransfer::CurlTransfer(const CurlLibrary& library, const Request& request, Url url)
    : library_(library), request_(request), url_(std::move(url)) {}

CurlTransfer::~CurlTransfer() {
  if (handle_ != nullptr) {
    library_.easy_cleanup(handle_);
  }
  library_.slist_free_all(headers_);
  library_.slist_free_all(connect_to_);
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  if (transfer.body_.size() + size * count > k_body_limit) {
    transfer.too_large_ = true;
    return 0;  // ends the transfer with CURLE_WRITE_ERROR
  }
  transfer.body_.append({bytes, size * count});
  return size * count;
}

std::size_t CurlTransfer::on_header(char* /*bytes*/, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  transfer.header_bytes_ += size * count;
  if (transfer.header_bytes_ > k_header_limit) {
    transfer.too_large_ = true;
    return 0;
  }
  return size * count;
}

CURL* CurlTransfer::prepare(milliseconds left) {
  ++attempts_;
  body_.clear();
  header_bytes_ = 0;
  too_large_ = false;
  if (handle_ == nullptr) {
    handle_ = library_.easy_init();
    if (handle_ == nullptr) {
      return nullptr;
    }
  }
  library_.easy_reset(handle_);
  library_.slist_free_all(std::exchange(headers_, nullptr));
  library_.slist_free_all(std::exchange(connect_to_, nullptr));
  set_request();
  set_limits(left);
  set_tls();
  library_.easy_setopt(handle_, CURLOPT_PRIVATE, this);
  return handle_;
}

void CurlTransfer::set_request() {
  const auto set = [&](CURLoption option, auto value) { library_.easy_setopt(handle_, option, value); };
  std::vector<std::string> lines;
  Url named = url_;
  if (url_.tls && !request_.tls.server_name.empty() && request_.tls.server_name != url_.host) {
    // libcurl takes the name in a certificate from the URL: so that stands there, and the connection goes elsewhere.
    named.host = request_.tls.server_name;
    const std::string port = std::to_string(url_.port);
    connect_to_ = library_.slist_append(nullptr, (named.host + ":" + port + ":" + url_.host + ":" + port).c_str());
    set(CURLOPT_CONNECT_TO, connect_to_);
    lines.push_back("Host: " + url_.authority());
  }
  set(CURLOPT_URL, (named.origin() + url_.target).c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_USERAGENT, k_user_agent);
  if (request_.method == "POST" || request_.method == "PUT") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.empty() ? "" : request_.body.reveal().data());  // not copied
    lines.emplace_back("Expect:");  // no waiting for "100 Continue"
  }
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  for (const std::string& line : lines) {
    headers_ = library_.slist_append(headers_, line.c_str());
  }
  for (const Header& header : request_.headers) {
    // "Name;" is how libcurl sends a header without a value.
    std::string line = header.name + (header.value.empty() ? ";" : ": ");
    line.reserve(line.size() + header.value.size());
    line += header.value.reveal();
    headers_ = library_.slist_append(headers_, line.c_str());
    base::cleanse(line);
  }
  set(CURLOPT_HTTPHEADER, headers_);
}

void CurlTransfer::set_limits(milliseconds left) {
  const auto set = [&](CURLoption option, auto value) { library_.easy_setopt(handle_, option, value); };
  set(CURLOPT_NOSIGNAL, 1L);  // threads
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<milliseconds::rep>(left.count(), 1)));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(k_connect_limit.count()));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");  // what comes out of it is what on_body counts
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
}

void CurlTransfer::set_tls() {
  const auto set = [&](CURLoption option, auto value) { library_.easy_setopt(handle_, option, value); };
  const Tls& tls = request_.tls;
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!tls.ca_file.empty() || !tls.ca_folder.empty()) {
    // Both are set: what is not named is not trusted, as Vault's own client has it.
    set(CURLOPT_CAINFO, tls.ca_file.empty() ? static_cast<const char*>(nullptr) : tls.ca_file.c_str());
    set(CURLOPT_CAPATH, tls.ca_folder.empty() ? static_cast<const char*>(nullptr) : tls.ca_folder.c_str());
  }
  if (!tls.certificate_file.empty()) {
    set(CURLOPT_SSLCERT, tls.certificate_file.c_str());
    set(CURLOPT_SSLKEY, tls.key_file.empty() ? tls.certificate_file.c_str() : tls.key_file.c_str());
  }
}

base::Error CurlTransfer::error(base::ErrorKind kind, const std::string& what, std::string help) const {
  return {.kind = kind, .message = url_.origin() + ": " + what, .help = std::move(help)};
}

base::Error CurlTransfer::too_late() const {
  return error(base::ErrorKind::unavailable, "no answer within the time that this run has");
}

std::string CurlTransfer::connection_fault() const {
  long number = 0;
  library_.easy_getinfo(handle_, CURLINFO_OS_ERRNO, &number);
  std::string text = number != 0 ? std::generic_category().message(static_cast<int>(number)) : "no connection";
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

base::Error CurlTransfer::error_of(CURLcode code) const {
  using base::ErrorKind;
  long verified = 0;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return error(ErrorKind::unavailable, "host not found");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return error(ErrorKind::unavailable, "the proxy's host was not found", "HTTPS_PROXY and NO_PROXY name proxies");
    case CURLE_COULDNT_CONNECT:
      return error(ErrorKind::unavailable, connection_fault());
    case CURLE_PEER_FAILED_VERIFICATION:
      library_.easy_getinfo(handle_, CURLINFO_SSL_VERIFYRESULT, &verified);
      return error(ErrorKind::unavailable, certificate_fault(verified));
    case CURLE_SSL_CONNECT_ERROR:
      return error(ErrorKind::unavailable, "no TLS connection: is it TLS that the server speaks at this port?");
    case CURLE_SSL_CERTPROBLEM:
      return error(ErrorKind::bad_input, "our certificate or its key cannot be used");
    case CURLE_SSL_CACERT_BADFILE:
      return error(ErrorKind::bad_input, "the file of trusted authorities holds no certificate");
    case CURLE_BAD_CONTENT_ENCODING:
      return error(ErrorKind::unavailable, "the answer's compression is damaged");
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return error(ErrorKind::unavailable, "the server does not speak HTTP");
    case CURLE_OPERATION_TIMEDOUT:
      return too_late();
    case CURLE_WRITE_ERROR:
      if (too_large_) {
        return error(ErrorKind::unavailable, "the answer is larger than 4 MiB");
      }
      [[fallthrough]];
    default:
      return error(ErrorKind::unavailable, "the connection ended before the answer did");
  }
}

std::optional<base::Error> CurlTransfer::redirect() {
  char* target = nullptr;  // absolute; libcurl's, until the handle goes
  library_.easy_getinfo(handle_, CURLINFO_REDIRECT_URL, &target);
  std::optional<Url> to = target != nullptr ? parse_url(target) : std::nullopt;
  const bool own = to && to->tls == url_.tls && to->port == url_.port &&
                   (to->host == url_.host || to->host == request_.tls.server_name);
  if (!request_.follows_own_host || !own) {
    return error(base::ErrorKind::unavailable,
                 "redirects to " + (to ? to->origin() : "elsewhere") + ", where no request of ours goes",
                 "name the server that answers itself");
  }
  if (++redirects_ > k_most_redirects) {
    return error(base::ErrorKind::unavailable, "redirects without end");
  }
  url_.target = to->target;
  --attempts_;
  return std::nullopt;
}

std::optional<CurlTransfer::Ended> CurlTransfer::finish(CURLcode code, milliseconds left) {
  Attempt attempt{.number = attempts_, .method = request_.method, .left = left};
  if (code == CURLE_OK) {
    long status = 0;
    library_.easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    if (is_redirect(status)) {
      std::optional<base::Error> refused = redirect();
      return refused ? std::optional(Ended{attempt, base::fail(*std::move(refused))}) : std::nullopt;
    }
    curl_off_t retry_after = 0;  // seconds, also where the header holds a date
    library_.easy_getinfo(handle_, CURLINFO_RETRY_AFTER, &retry_after);
    if (retry_after > 0) {
      attempt.retry_after = std::chrono::seconds(retry_after);
    }
    char* content_type = nullptr;
    library_.easy_getinfo(handle_, CURLINFO_CONTENT_TYPE, &content_type);
    attempt.outcome = Outcome::answered;
    attempt.status = static_cast<int>(status);
    return Ended{attempt, Response{.status = attempt.status,
                                   .content_type = content_type != nullptr ? content_type : "",
                                   .body = body_.take()}};
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      attempt.outcome = Outcome::no_connection;
      break;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_OPERATION_TIMEDOUT:  // with time left: that of connecting
      attempt.outcome = Outcome::broken;
      break;
    default:
      break;
  }
  return Ended{attempt, base::fail(error_of(code))};
}

}  // namespace helmme::net
