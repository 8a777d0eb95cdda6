// HM401 and HM403 in Terraform's files: what helm_release hands to --set, and the log-in of its repository.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "lint/check.h"

namespace helmme::lint {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// What of HCL's syntax (native syntax specification, "Structural Elements") matters here: attributes whose value begins
// with a string, and the braces around them. Comments and heredocs are passed over.
class HclReader {
 public:
  explicit HclReader(Check& check) : check_(check), text_(check.text()) {}

  void run() {
    while (at_ < text_.size()) {
      step();
    }
  }

 private:
  struct Block {
    bool helm = false;  // in a helm_release, or in the provider of that name
    std::string_view name;
    std::optional<Span> value;
  };

  void step() {
    const char c = text_[at_];
    if (c == '#' || text_.substr(at_, 2) == "//") {
      at_ = end_of_line(at_);
    } else if (text_.substr(at_, 2) == "/*") {
      const std::size_t close = text_.find("*/", at_ + 2);
      at_ = close == std::string_view::npos ? text_.size() : close + 2;
    } else if (text_.substr(at_, 2) == "<<") {
      heredoc();
    } else if (c == '"') {
      const Span span = string();
      label(text_.substr(span.begin, span.end - span.begin));
    } else if (c == '{') {
      open();
    } else if (c == '}') {
      close();
    } else if (is_word_character(c)) {
      word();
    } else {
      ++at_;
    }
  }

  [[nodiscard]] std::size_t end_of_line(std::size_t from) const {
    return std::min(text_.find('\n', from), text_.size());
  }

  // The string at at_, without its quotes; at_ is behind it then.
  Span string() {
    const std::size_t begin = at_ + 1;
    std::size_t end = begin;
    while (end < text_.size() && text_[end] != '"' && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2U : 1U;
    }
    end = std::min(end, text_.size());
    at_ = std::min(end + 1, text_.size());
    return {begin, end};
  }

  // Values given as text: they are YAML.
  void heredoc() {
    std::size_t name = at_ + 2;
    name += name < text_.size() && text_[name] == '-' ? 1U : 0U;
    std::size_t name_end = name;
    while (name_end < text_.size() && is_word_character(text_[name_end])) {
      ++name_end;
    }
    const std::string_view marker = text_.substr(name, name_end - name);
    const std::size_t begin = std::min(end_of_line(name_end) + 1, text_.size());
    std::size_t line = begin;
    while (line < text_.size() && trim(text_.substr(line, end_of_line(line) - line)) != marker) {
      line = std::min(end_of_line(line) + 1, text_.size());
    }
    if (!marker.empty() && in_helm()) {
      for (const EmbeddedSecret& secret : find_assignments(text_.substr(begin, line - begin), TextStyle::config)) {
        report("HM401", {secret.span.begin + begin, secret.span.end + begin}, secret.name);
      }
    }
    at_ = marker.empty() ? at_ + 2 : end_of_line(line);
  }

  void label(std::string_view text) { helm_ = helm_ || text == "helm_release" || (provider_ && text == "helm"); }

  void open() {
    if (blocks_.size() == k_deepest) {
      at_ = text_.size();
      return;
    }
    blocks_.push_back({in_helm() || helm_, {}, std::nullopt});
    helm_ = false;
    provider_ = false;
    ++at_;
  }

  void close() {
    if (!blocks_.empty()) {
      const Block block = blocks_.back();
      blocks_.pop_back();
      if (block.helm && block.value && !block.name.empty()) {
        judge_pair(block);
      }
    }
    ++at_;
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word_character(text_[at_])) {
      ++at_;
    }
    const std::string_view word = text_.substr(begin, at_ - begin);
    provider_ = blocks_.empty() && word == "provider";
    std::size_t sign = std::min(text_.find_first_not_of(" \t", at_), text_.size());
    if (sign == text_.size() || (text_[sign] != '=' && text_[sign] != ':')) {
      return;
    }
    sign = std::min(text_.find_first_not_of(" \t", sign + 1), text_.size());
    if (sign == text_.size() || text_[sign] != '"') {
      return;
    }
    at_ = sign;
    attribute(word, string());
  }

  void attribute(std::string_view name, Span span) {
    if (!in_helm()) {
      return;
    }
    const std::string_view value = text_.substr(span.begin, span.end - span.begin);
    if (name == "name") {
      blocks_.back().name = value;
    } else if (name == "value") {
      blocks_.back().value = span;
    } else if ((name == "repository_password" || name == "password" || name == "token") &&
               judge(name, value) != Verdict::clean) {
      report("HM403", span, name);
    }
  }

  void judge_pair(const Block& block) {
    const std::size_t dot = block.name.rfind('.');
    const std::string_view leaf = dot == std::string_view::npos ? block.name : block.name.substr(dot + 1);
    if (judge(leaf, text_.substr(block.value->begin, block.value->end - block.value->begin)) != Verdict::clean) {
      report("HM401", *block.value, block.name);
    }
  }

  void report(std::string_view rule, Span span, std::string_view name) {
    check_.report(
        rule, span,
        (rule == "HM401" ? "a literal credential for --set: " : "a credential of a repository: ") + shown(name),
        {.key = name});
  }

  static constexpr std::size_t k_deepest = 512;  // what is nested deeper is no configuration

  [[nodiscard]] bool in_helm() const { return !blocks_.empty() && blocks_.back().helm; }

  Check& check_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Block> blocks_;
  bool helm_ = false;      // a label says so of the block that opens next
  bool provider_ = false;  // "provider" stands before that label
};

}  // namespace

void check_terraform(Check& check) {
  if (check.text().find("helm") != std::string_view::npos) {
    HclReader(check).run();
  }
}

}  // namespace helmme::lint
