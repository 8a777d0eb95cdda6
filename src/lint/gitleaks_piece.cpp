#include "lint/gitleaks_piece.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/secret.h"
#include "base/text.h"
#include "lint/characters.h"
#include "lint/gitleaks_decode.h"
#include "lint/lines.h"

namespace helmme::lint {
namespace {

constexpr std::string_view k_allow_word = "gitleaks:allow";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return text;
}

std::string_view cut(std::string_view text, Span span) { return text.substr(span.begin, span.end - span.begin); }

// Shannon's, over characters, but for each byte, as gitleaks has it.
double gitleaks_entropy(std::string_view text) {
  std::map<std::string_view, std::size_t> counts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = std::max<std::size_t>(1, base::utf8_length(text.substr(at)));
    ++counts[text.substr(at, size)];
    at += size;
  }
  double bits = 0;
  for (const auto& [character, count] : counts) {
    const double share = static_cast<double>(count) / static_cast<double>(text.size());
    bits -= share * std::log2(share);
  }
  return bits;
}

RuleTexts texts_of(const GitleaksRule& rule) {
  std::string title = base::printable(rule.description.empty() ? rule.id : rule.description);
  while (title.ends_with('.')) {
    title.pop_back();
  }
  return {.id = base::printable(rule.id),
          .title = std::move(title),
          .why = "The configuration of gitleaks that this run was given has it.",
          .help = "revoke it where it came from, and name a Secret instead",
          .tags = rule.tags};
}

bool allows(const std::vector<std::unique_ptr<AllowlistCheck>>& lists, const GitleaksCandidate& candidate) {
  return std::any_of(lists.begin(), lists.end(), [&](const auto& one) { return one->allows(candidate); });
}

// A hit and its secret, in the piece or in what was decoded.
struct Found {
  Hit hit;
  std::string_view secret;
};

// One piece of a file, through all passes.
class PieceScan {
 public:
  PieceScan(const RuleSet& rules, FileState& file, std::string_view raw, bool first)
      : rules_(rules), file_(file), raw_(raw), first_(first) {
    passes_.reserve(k_decode_depth + 1);  // hits hold views into them
  }
  PieceScan(const PieceScan&) = delete;
  PieceScan& operator=(const PieceScan&) = delete;
  ~PieceScan() {
    for (DecodedPass& pass : passes_) {
      base::cleanse(pass.text);
    }
  }

  std::vector<Hit> run() {
    std::vector<Found> found;
    std::string_view current = raw_;
    for (std::size_t depth = 0;; ++depth) {
      const std::vector<bool> wanted = rules_.candidates(current);
      for (const CompiledRule& rule : rules_.rules) {
        if (wanted[rule.number]) {
          detect_whole(rule, current, found);
        }
      }
      if (depth == k_decode_depth) {
        break;
      }
      DecodedPass pass = decode_once(current, passes_);
      if (pass.segments.empty()) {
        break;
      }
      passes_.push_back(std::move(pass));
      current = passes_.back().text;
    }
    drop_generic(found);
    std::vector<Hit> hits;
    hits.reserve(found.size());
    for (const Found& one : found) {
      hits.push_back(one.hit);
    }
    return hits;
  }

 private:
  [[nodiscard]] const Lines& lines() {
    if (!lines_) {
      lines_.emplace(raw_);
    }
    return *lines_;
  }

  bool leaves_file_out(const CompiledRule& rule) {
    FileState::Answer& answer = file_.allowed[rule.number];
    if (answer == FileState::Answer::unknown) {
      answer = allows_file(rule.allowlists, file_.name) ? FileState::Answer::yes : FileState::Answer::no;
    }
    return answer == FileState::Answer::yes;
  }

  // A rule and those that it requires.
  void detect_whole(const CompiledRule& rule, std::string_view current, std::vector<Found>& all) {
    if (rule.data.skip_report) {
      return;
    }
    std::vector<Found> found = detect(rule, current);
    if (!found.empty() && !rule.required.empty()) {
      std::vector<std::vector<Found>> required;
      for (const CompiledRule* one : rule.required) {
        required.push_back(detect(*one, current));
      }
      std::erase_if(found, [&](const Found& one) { return !has_required(rule, one.hit, required); });
    }
    all.insert(all.end(), found.begin(), found.end());
  }

  static bool has_required(const CompiledRule& rule, const Hit& hit, const std::vector<std::vector<Found>>& required) {
    for (std::size_t i = 0; i < required.size(); ++i) {
      const GitleaksRequired& wanted = rule.data.required[i];
      const bool near = std::any_of(required[i].begin(), required[i].end(), [&](const Found& other) {
        const auto apart = std::abs(static_cast<std::int64_t>(hit.line) - static_cast<std::int64_t>(other.hit.line));
        return (!wanted.within_lines || apart <= *wanted.within_lines) &&
               (!wanted.within_columns || std::abs(hit.column - other.hit.column) <= *wanted.within_columns);
      });
      if (!near) {
        return false;
      }
    }
    return true;
  }

  std::vector<Found> detect(const CompiledRule& rule, std::string_view current) {
    std::vector<Found> hits;
    if (leaves_file_out(rule) || (rule.path && !rule.path->matches(file_.name))) {
      return hits;
    }
    if (!rule.regex) {
      if (first_ && passes_.empty()) {
        hits.push_back({.hit = {.rule = &rule, .whole_file = true}, .secret = {}});
      }
      return hits;
    }
    // Go's FindAll: an empty match that touches the one before is none.
    std::size_t from = 0;
    std::optional<std::size_t> last_end;
    while (from <= current.size() && hits.size() < k_most_gitleaks_matches) {
      const std::optional<Span> match = rule.regex->find(current, from);
      if (!match) {
        break;
      }
      const bool empty_here = match->end == from;
      if (!empty_here || last_end != match->begin) {
        examine(rule, current, *match, hits);
      }
      last_end = match->end;
      from = empty_here ? from + std::max<std::size_t>(1, base::utf8_length(current.substr(from))) : match->end;
    }
    return hits;
  }

  // The segments that a match touches, put together; nullopt: it was there before anything was decoded.
  [[nodiscard]] std::optional<Span> decoded_around(Span match) const {
    const std::vector<DecodedSegment>& segments = passes_.back().segments;
    auto segment =
        std::lower_bound(segments.begin(), segments.end(), match.begin,
                         [](const DecodedSegment& one, std::size_t begin) { return one.decoded.end < begin; });
    std::optional<Span> all;
    for (; segment != segments.end() && segment->decoded.begin <= match.end; ++segment) {
      all = all ? Span{all->begin, segment->decoded.end} : segment->decoded;
    }
    return all;
  }

  // From the line break before `span` to the one after it: gitleaks' line begins with its line break.
  static std::string_view line_around(std::string_view text, Span span, bool from_begin) {
    const std::size_t before = from_begin ? text.rfind('\n', span.begin) : text.substr(0, span.begin).rfind('\n');
    const std::size_t begin = before == std::string_view::npos ? 0 : before;
    return text.substr(begin, std::min(text.find('\n', span.end), text.size()) - begin);
  }

  void examine(const CompiledRule& rule, std::string_view current, Span match, std::vector<Found>& hits) {
    std::string_view text = cut(current, match);
    const std::size_t lead = std::min(text.find_first_not_of('\n'), text.size());
    text.remove_prefix(lead);
    text = text.substr(0, text.find_last_not_of('\n') + 1);
    Hit hit{.rule = &rule, .encoded = !passes_.empty()};
    const std::string_view secret = secret_of(rule, text);
    std::string_view line;
    Span original{match.begin, match.begin + text.size()};
    if (hit.encoded) {
      const std::optional<Span> decoded = decoded_around(match);
      if (!decoded) {
        return;
      }
      line = line_around(current, *decoded, true);
      original = to_original(passes_, match);
      original.end = std::min(original.end, raw_.size());
    }
    const std::string_view raw_line = line_around(raw_, original, raw_.substr(original.begin, 1) == "\n");
    if (contains(raw_line, k_allow_word) || (rule.data.entropy != 0 && gitleaks_entropy(secret) <= rule.data.entropy)) {
      return;
    }
    const GitleaksCandidate candidate{file_.name, secret, text, line.empty() ? raw_line : line};
    if (allows(rules_.allowlists, candidate) || allows(rule.allowlists, candidate)) {
      return;
    }
    place(hit, original, hit.encoded || secret.empty() ? original : span_in(current, secret));
    hits.push_back({hit, secret});
  }

  static Span span_in(std::string_view text, std::string_view part) {
    const auto begin = static_cast<std::size_t>(part.data() - text.data());
    return {begin, begin + part.size()};
  }

  // The line is where the match begins; a line break that a match begins with belongs to the line before.
  void place(Hit& hit, Span match, Span secret) {
    const std::size_t begin = match.begin + (raw_.substr(match.begin, 1) == "\n" ? 1U : 0U);
    const std::size_t number = lines().number_of(begin);
    hit.line = number - 1;
    // gitleaks counts the line break as well.
    hit.column = static_cast<std::int64_t>(match.begin + 1) -
                 (number == 1 ? 0 : static_cast<std::int64_t>(lines().begin_of(number)) - 1);
    const bool same_line = lines().number_of(secret.begin) == number;
    hit.span = {same_line ? secret.begin : begin, std::max(secret.end, begin)};
  }

  // The group that is the secret, in the match alone.
  static std::string_view secret_of(const CompiledRule& rule, std::string_view match) {
    const RE2* pattern = rule.regex->whole().get();
    const int count = pattern->NumberOfCapturingGroups();
    if (count == 0) {
      return match;
    }
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(count) + 1);
    if (!pattern->Match(re2::StringPiece(match.data(), match.size()), 0, match.size(), RE2::UNANCHORED, groups.data(),
                        count + 1)) {
      return match;
    }
    const auto view = [](const re2::StringPiece& piece) { return std::string_view(piece.data(), piece.size()); };
    if (rule.data.secret_group > 0) {
      return view(groups[static_cast<std::size_t>(rule.data.secret_group)]);
    }
    const auto group = std::find_if(groups.begin() + 1, groups.end(), [](const auto& one) { return !one.empty(); });
    return group == groups.end() ? match : view(*group);
  }

  // A generic rule yields to any other that found as much in the same line.
  static void drop_generic(std::vector<Found>& found) {
    std::multimap<std::size_t, std::string_view> special;
    for (const Found& one : found) {
      if (!one.hit.rule->is_generic && !one.hit.whole_file) {
        special.emplace(one.hit.line, one.secret);
      }
    }
    std::erase_if(found, [&](const Found& one) {
      const auto [begin, end] = special.equal_range(one.hit.line);
      return one.hit.rule->is_generic &&
             std::any_of(begin, end, [&](const auto& other) { return contains(other.second, one.secret); });
    });
  }

  const RuleSet& rules_;
  FileState& file_;
  std::string_view raw_;
  bool first_;
  std::vector<DecodedPass> passes_;
  std::optional<Lines> lines_;
};

}  // namespace

CompiledRule::CompiledRule(GitleaksRule rule)
    : data(std::move(rule)), made(texts_of(data), Severity::error), is_generic(contains(lower(data.id), "generic")) {
  if (data.regex) {
    regex.emplace(data.regex->text);
  }
  if (data.path) {
    path.emplace(data.path->text);
  }
  for (const GitleaksAllowlist& list : data.allowlists) {
    allowlists.push_back(std::make_unique<AllowlistCheck>(list));
  }
}

std::vector<bool> RuleSet::candidates(std::string_view text) const {
  std::vector<bool> wanted(rules.size(), false);
  for (const std::size_t rule : always) {
    wanted[rule] = true;
  }
  std::vector<bool> seen(words.size(), false);
  scan->scan(text, [&](std::uint32_t word, std::size_t) {
    if (!seen[word]) {
      seen[word] = true;
      for (const std::size_t rule : rules_of_word[word]) {
        wanted[rule] = true;
      }
    }
  });
  return wanted;
}

bool allows_file(const std::vector<std::unique_ptr<AllowlistCheck>>& lists, std::string_view file) {
  return std::any_of(lists.begin(), lists.end(), [&](const auto& one) { return one->allows_file(file); });
}

std::vector<Hit> scan_piece(const RuleSet& rules, FileState& file, std::string_view raw, bool first) {
  return PieceScan(rules, file, raw, first).run();
}

}  // namespace helmme::lint
