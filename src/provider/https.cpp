#include "provider/https.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "net/url.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::FetchedValue;
using placeholder::Locator;

// `pattern` as `allow: {https: […]}` has it, HOST or HOST/PATH, of which the host counts here.
bool is_host_of(std::string_view pattern, const std::string& asked) {
  pattern = pattern.substr(0, pattern.find('/'));
  const std::optional<net::Url> allowed = net::parse_url(std::string("https://").append(pattern));
  return pattern == "*" || (allowed && allowed->authority() == asked);
}

Result<Answer> answer_of(const Locator& locator, const net::Response& response) {
  const auto failed = [&](ErrorKind kind, std::string_view what) {
    return base::fail(error_about(locator, kind, what));
  };
  const std::string status = std::to_string(response.status);
  switch (response.status) {
    case 200:
      break;
    case 401:
    case 403:
      return failed(ErrorKind::denied, "the server denies it (" + status + ")");
    case 404:
    case 410:
      return failed(ErrorKind::not_found, "the server has no such page (" + status + ")");
    default:
      return failed(ErrorKind::unavailable, "the server answers " + status);
  }
  Result<FetchedValue> value = placeholder::parse_json(response.body.reveal());
  if (!value) {
    return failed(ErrorKind::unavailable, "the answer is no JSON");
  }
  return Answer{.value = *std::move(value)};
}

}  // namespace

Result<net::Request> HttpsProvider::request_of(const Locator& locator) const {
  const std::size_t slash = locator.path.find('/');
  const std::string path = slash == std::string::npos ? "" : locator.path.substr(slash + 1);
  const std::optional<net::Url> url = net::parse_url("https://" + locator.path.substr(0, slash));
  if (!url) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "names no host", "ref+https://HOST/PATH#/KEY"));
  }
  const std::string asked = url->authority();
  if (std::none_of(hosts_.begin(), hosts_.end(), [&](const std::string& one) { return is_host_of(one, asked); })) {
    return base::fail(error_about(locator, ErrorKind::bad_input,
                                  "the policy does not allow to ask " + shown_of(locator, asked),
                                  "allow: {https: [" + shown_of(locator, asked) + "]} in the policy"));
  }
  if (!path.empty() && net::has_odd_part(path)) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "the path has a part that is empty, \".\" or \"..\""));
  }
  if (!locator.version.empty()) {
    return base::fail(error_about(locator, ErrorKind::bad_input, "there are no versions here"));
  }
  net::Request request{.url = url->origin() + "/" + net::encode_path(path), .tls = tls_, .follows_own_host = true};
  char separator = '?';
  for (const auto& [name, value] : locator.options) {
    request.url.append(1, separator).append(net::encode_part(name)).append("=").append(net::encode_part(value));
    separator = '&';
  }
  request.headers.push_back({.name = "Accept", .value = base::Secret("application/json")});
  return request;
}

std::vector<Result<Answer>> HttpsProvider::read_all(std::span<const Locator> locators) {
  std::vector<net::Request> requests;
  std::vector<Result<std::size_t>> which;
  for (const Locator& locator : locators) {
    Result<net::Request> request = request_of(locator);
    if (request) {
      which.emplace_back(requests.size());
      requests.push_back(*std::move(request));
    } else {
      which.emplace_back(base::fail(std::move(request).error()));
    }
  }
  const std::vector<Result<net::Response>> responses = client_.send_all(requests, deadline_);
  std::vector<Result<Answer>> results;
  for (std::size_t i = 0; i < locators.size(); ++i) {
    if (!which[i]) {
      results.emplace_back(base::fail(which[i].error()));
    } else if (const Result<net::Response>& response = responses[*which[i]]; !response) {
      base::Error error = response.error();
      if (locators[i].hidden) {  // they name the host
        error.message = "the server gives no answer";
        error.help.clear();
      }
      results.emplace_back(base::fail(error_about(locators[i], error.kind, error.message, std::move(error.help))));
    } else {
      results.push_back(answer_of(locators[i], *response));
    }
  }
  return results;
}

}  // namespace helmme::provider
