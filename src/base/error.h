// base: what every room shares. Errors as values, places in texts, `Secret`, and the outside world
// (environment, files) behind small interfaces. It may use OpenSSL for wiping and nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace helmme::base {

// Decides the exit code of a run: see exit_code().
enum class ErrorKind {
  usage,        // the command line
  bad_input,    // manifest, policy, values file
  denied,       // not authenticated, or not permitted
  not_found,    // a Secret, a key, a bundle, a variable, a file
  unavailable,  // a backend that does not answer
  internal,     // our bug
};

// 2 usage, 3 bad input, 4 denied, 5 not found, 6 unavailable, 70 internal.
[[nodiscard]] int exit_code(ErrorKind kind) noexcept;

// A place in a text, ready to print. Lines and columns count from 1; columns count characters.
struct Location {
  std::string object;    // "shop/templates/deploy.yaml: Deployment/shop spec.template…"; empty for a plain file
  std::string file;      // "stdin", "helm-me.yaml"
  std::size_t line = 0;  // 0: no line is known
  std::size_t column = 0;
  std::string snippet;     // the source line, without its line end; empty where it may hold a value
  std::size_t length = 1;  // how many characters the caret line underlines
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  // lower case, no full stop, never a secret's value
  std::optional<Location> location = std::nullopt;
  std::vector<std::string> notes = {};  // further lines, each "what, where"
  std::string help = {};                // something the user can type or change; may be empty
};

// A remark that stops nothing. Printed as a line that starts with "warning".
struct Warning {
  std::string message;
  std::optional<Location> location = std::nullopt;
  std::vector<std::string> notes = {};
  std::string help = {};
};

// Everything that a run has to say, in the order found.
struct Diagnostics {
  std::vector<Error> errors;
  std::vector<Warning> warnings;
  void error(Error error) { errors.push_back(std::move(error)); }
  void warning(Warning warning) { warnings.push_back(std::move(warning)); }
  [[nodiscard]] bool failed() const noexcept { return !errors.empty(); }
};

template <typename T>
using Result = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace helmme::base

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration in parentheses is none
// TRY(expression): returns the error to the caller. TRY_ASSIGN(declaration, expression): else binds the value.
#define HELMME_CONCAT_INNER(a, b) a##b
#define HELMME_CONCAT(a, b) HELMME_CONCAT_INNER(a, b)
#define TRY(expression)                                           \
  do {                                                            \
    if (auto try_result = (expression); !try_result) {            \
      return ::helmme::base::fail(std::move(try_result).error()); \
    }                                                             \
  } while (false)
#define TRY_ASSIGN(declaration, expression) \
  TRY_ASSIGN_NAMED(HELMME_CONCAT(try_result_, __LINE__), declaration, expression)
#define TRY_ASSIGN_NAMED(name, declaration, expression)   \
  auto name = (expression);                               \
  if (!name) {                                            \
    return ::helmme::base::fail(std::move(name).error()); \
  }                                                       \
  declaration = *std::move(name)
// NOLINTEND(bugprone-macro-parentheses)
