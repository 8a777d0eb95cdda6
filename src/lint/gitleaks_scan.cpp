#include "lint/gitleaks_scan.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "lint/gitleaks_piece.h"

namespace helmme::lint {
namespace {

std::string_view cut(std::string_view text, Span span) { return text.substr(span.begin, span.end - span.begin); }

}  // namespace

class GitleaksScanner::Engine {
 public:
  explicit Engine(GitleaksConfig config) : files_(std::move(config.files)) {
    std::sort(config.rules.begin(), config.rules.end(),
              [](const GitleaksRule& a, const GitleaksRule& b) { return a.id < b.id; });
    std::map<std::string, std::size_t> number_of;
    for (GitleaksRule& rule : config.rules) {
      number_of[rule.id] = set_.rules.size();
      set_.rules.emplace_back(std::move(rule)).number = number_of.size() - 1;
      shown_.push_back(&set_.rules.back().made.rule());
    }
    for (CompiledRule& rule : set_.rules) {
      for (const GitleaksRequired& one : rule.data.required) {
        rule.required.push_back(&set_.rules[number_of.at(one.id)]);
      }
    }
    for (const GitleaksAllowlist& list : config.allowlists) {
      set_.allowlists.push_back(std::make_unique<AllowlistCheck>(list));
    }
    index_keywords();
  }

  [[nodiscard]] const std::vector<const Rule*>& rules() const noexcept { return shown_; }

  std::vector<GitleaksMatch> find(std::string_view file, std::string_view text) const {
    std::vector<GitleaksMatch> out;
    if (is_left_out(file)) {
      return out;
    }
    FileState state{file, std::vector<FileState::Answer>(set_.rules.size(), FileState::Answer::unknown)};
    std::size_t line = 1;
    for (const Span& piece : gitleaks_fragments(text)) {
      const std::string_view raw = cut(text, piece);
      for (const Hit& hit : scan_piece(set_, state, raw, piece.begin == 0)) {
        out.push_back({.rule = &hit.rule->made.rule(),
                       .span = {piece.begin + hit.span.begin, piece.begin + hit.span.end},
                       .line = line + hit.line,
                       .encoded = hit.encoded,
                       .whole_file = hit.whole_file});
      }
      if (out.size() >= k_most_gitleaks_matches) {
        break;
      }
      line += static_cast<std::size_t>(std::count(raw.begin(), raw.end(), '\n'));
    }
    put_in_order(out);
    return out;
  }

  std::vector<base::Error> problems() const {
    std::vector<base::Error> out;
    const auto add = [&](const base::Location& place, const std::string& what) {
      out.push_back({.kind = base::ErrorKind::bad_input,
                     .message = what + " takes more memory than a pattern may have",
                     .location = place,
                     .help = "write it with smaller counts, such as {0,50} instead of {0,1000}"});
    };
    for (const CompiledRule& rule : set_.rules) {
      if ((rule.regex && rule.regex->has_failed()) || (rule.path && rule.path->has_failed())) {
        add(rule.data.regex ? rule.data.regex->place : rule.data.path->place, base::printable(rule.data.id));
      }
      for (std::size_t i = 0; i < rule.allowlists.size(); ++i) {
        if (rule.allowlists[i]->has_failed()) {
          add(rule.data.allowlists[i].place, "an allowlist");
        }
      }
    }
    return out;
  }

 private:
  void index_keywords() {
    std::map<std::string, std::size_t> word_of;
    for (const CompiledRule& rule : set_.rules) {
      if (rule.data.keywords.empty()) {
        set_.always.push_back(rule.number);
      }
      for (const std::string& keyword : rule.data.keywords) {
        if (keyword.empty()) {
          continue;
        }
        const auto [word, is_new] = word_of.emplace(keyword, set_.words.size());
        if (is_new) {
          set_.words.push_back(keyword);
          set_.rules_of_word.emplace_back();
        }
        set_.rules_of_word[word->second].push_back(rule.number);
      }
    }
    set_.scan.emplace(std::vector<std::string_view>(set_.words.begin(), set_.words.end()));
  }

  // The configuration itself, and what a global allowlist leaves out: the file, or a folder above it.
  [[nodiscard]] bool is_left_out(std::string_view file) const {
    if (std::find(files_.begin(), files_.end(), file) != files_.end()) {
      return true;
    }
    for (std::size_t end = file.find('/', 1); end != std::string_view::npos; end = file.find('/', end + 1)) {
      if (allows_file(set_.allowlists, file.substr(0, end))) {
        return true;
      }
    }
    return allows_file(set_.allowlists, file);
  }

  static void put_in_order(std::vector<GitleaksMatch>& matches) {
    const auto order = [](const GitleaksMatch& one) { return std::tie(one.span.begin, one.span.end, one.rule->id); };
    std::stable_sort(matches.begin(), matches.end(),
                     [&](const GitleaksMatch& a, const GitleaksMatch& b) { return order(a) < order(b); });
    const auto last = std::unique(matches.begin(), matches.end(),
                                  [&](const GitleaksMatch& a, const GitleaksMatch& b) { return order(a) == order(b); });
    matches.erase(last, matches.end());
    matches.resize(std::min(matches.size(), k_most_gitleaks_matches));
  }

  std::vector<std::string> files_;
  RuleSet set_;
  std::vector<const Rule*> shown_;
};

GitleaksScanner::GitleaksScanner(GitleaksConfig config) : engine_(std::make_unique<Engine>(std::move(config))) {}
GitleaksScanner::~GitleaksScanner() = default;

const std::vector<const Rule*>& GitleaksScanner::rules() const noexcept { return engine_->rules(); }

std::vector<GitleaksMatch> GitleaksScanner::find(std::string_view file, std::string_view text) const {
  return engine_->find(file, text);
}

std::vector<base::Error> GitleaksScanner::problems() const { return engine_->problems(); }

}  // namespace helmme::lint
