#include "provider/vals_bridge.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"
#include "provider/process.h"

namespace helmme::provider {
namespace {

using base::ErrorKind;
using base::Result;
using placeholder::FetchedValue;
using placeholder::Locator;

std::string name_of(std::size_t index) { return std::string("r").append(std::to_string(index)); }

}  // namespace

std::string vals_reference(const Locator& locator) {
  std::string text = "ref+" + locator.scheme + "://";
  text += base::percent_encode(locator.path, "-._~/:@$!*=");
  char separator = '?';
  const auto append = [&](std::string_view name, std::string_view value) {
    text += std::exchange(separator, '&');
    text += base::percent_encode(name, "-._~");
    text += '=';
    text += base::percent_encode(value, "-._~/:@,");
  };
  if (!locator.version.empty()) {
    append("version", locator.version);
  }
  for (const auto& [name, value] : locator.options) {
    append(name, value);
  }
  separator = '#';
  for (const std::string& key : locator.keys) {
    text += std::exchange(separator, '\0') == '#' ? "#/" : "/";
    text += base::percent_encode(key, "-._~:@$!*=[]");
  }
  return text;
}

Result<std::vector<Answer>> ValsBridge::evaluate(std::span<const Locator> locators) const {
  nlohmann::json asked = nlohmann::json::object();
  for (std::size_t i = 0; i < locators.size(); ++i) {
    asked[name_of(i)] = vals_reference(locators[i]);
  }
  std::string text = asked.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  Program program{.words = {"vals", "eval", "-f", "-", "-o", "json"}, .input = base::Secret(std::string_view(text))};
  base::cleanse(text);
  Result<ProgramEnd> end = run_program(program, deadline_);
  if (!end && end.error().kind == ErrorKind::not_found) {
    return base::fail({.kind = ErrorKind::not_found,
                       .message = "the program vals, which reads it, is not installed",
                       .help = "https://github.com/helmfile/vals: put vals on PATH"});
  }
  if (!end) {
    return base::fail(std::move(end).error());
  }
  const auto failed = [](std::string what) {
    return base::fail({.kind = ErrorKind::unavailable,
                       .message = std::move(what),
                       .help = "vals get REFERENCE: what it says is not shown here, for it may hold values"});
  };
  if (end->code != 0) {
    return failed("vals has failed with exit code " + std::to_string(end->code));
  }
  const Result<FetchedValue> body = placeholder::parse_json(end->output.reveal());
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < locators.size(); ++i) {
    const FetchedValue* const value = body ? body->find(name_of(i)) : nullptr;
    if (value == nullptr) {
      return failed("what vals answers is not what it was asked for");
    }
    answers.push_back({.value = value->clone()});
  }
  return answers;
}

std::vector<Result<Answer>> ValsBridge::read_all(std::span<const Locator> locators) {
  std::vector<Result<Answer>> results;
  Result<std::vector<Answer>> all = evaluate(locators);
  if (all) {
    std::move(all->begin(), all->end(), std::back_inserter(results));
    return results;
  }
  for (std::size_t i = 0; i < locators.size(); ++i) {
    Result<std::vector<Answer>> one = base::fail(all.error());
    if (all.error().kind == ErrorKind::unavailable && locators.size() > 1) {
      one = evaluate(locators.subspan(i, 1));
    }
    if (one) {
      results.push_back(std::move(one->front()));
    } else {
      const base::Error& error = one.error();
      results.emplace_back(base::fail(error_about(locators[i], error.kind, error.message, error.help)));
    }
  }
  return results;
}

}  // namespace helmme::provider
