// Form: what the readers of one part of a policy each share: reading nodes strictly and collecting what is wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "policy/node.h"
#include "policy/read.h"

namespace helmme::policy {

class Form {
 public:
  Form(const Variables& variables, base::Diagnostics& diagnostics) : variables_(variables), diagnostics_(diagnostics) {}

  void problem(const Node& at, std::string message, std::string help = {});
  void warning(const Node& at, std::string message, std::string help = {});

  // `what` names the node in messages: "existingSecret of bundle \"shop\"". Each reports and returns false, nullptr or
  // nullopt where the node is something else. Null and empty nodes are nullopt (false) without a problem.
  bool is_mapping(const Node& node, const std::string& what);
  bool is_sequence(const Node& node, const std::string& what);
  std::optional<std::string> text(const Node& node, const std::string& what);
  std::optional<std::size_t> number(const Node& node, const std::string& what);
  std::optional<bool> boolean(const Node& node, const std::string& what);
  std::optional<std::string> word(const Node& node, const std::string& what, const std::vector<std::string>& words);
  std::optional<std::string> secret_name(const Node& node, const std::string& what);  // variables filled in
  bool key_name(const Node& node, const std::string& what);

  // True where `key` is one of `known`; otherwise reports it, with the nearest.
  bool is_known(const Node& key, const std::string& where, const std::vector<std::string>& known);

 private:
  const Variables& variables_;
  base::Diagnostics& diagnostics_;
};

// `"a"`
[[nodiscard]] std::string quoted(std::string_view text);

// "did you mean x?", or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace helmme::policy
