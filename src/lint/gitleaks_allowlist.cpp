#include "lint/gitleaks_allowlist.h"

#include <algorithm>

namespace helmme::lint {
namespace {

// As gitleaks joins them: a flag such as (?i) at the head of one counts for those after it, too.
std::optional<std::string> joined(const std::vector<GitleaksPattern>& patterns) {
  if (patterns.empty()) {
    return std::nullopt;
  }
  std::string all = "(?:";
  for (const GitleaksPattern& one : patterns) {
    all += (all.size() == 3 ? "" : "|") + one.text;
  }
  return all + ")";
}

}  // namespace

AllowlistCheck::AllowlistCheck(const GitleaksAllowlist& list)
    : all_of_(list.all_of), has_commits_(list.has_commits), target_(list.target), stopwords_(list.stopwords) {
  if (auto paths = joined(list.paths)) {
    paths_.emplace(*std::move(paths));
  }
  if (auto regexes = joined(list.regexes)) {
    regexes_.emplace(*std::move(regexes));
  }
  std::erase_if(stopwords_, [](const std::string& word) { return word.empty(); });
}

bool AllowlistCheck::allows_file(std::string_view file) const {
  const bool others = has_commits_ || regexes_ || !stopwords_.empty();
  return (!all_of_ || !others) && has_path(file);
}

bool AllowlistCheck::has_regex(const GitleaksCandidate& candidate) const {
  const std::string_view text = target_ == GitleaksAllowlist::Target::match  ? candidate.match
                                : target_ == GitleaksAllowlist::Target::line ? candidate.line
                                                                             : candidate.secret;
  return regexes_ && !text.empty() && regexes_->matches(text);
}

bool AllowlistCheck::has_stopword(std::string_view secret) const {
  if (stopwords_.empty()) {
    return false;
  }
  std::call_once(once_, [&] { scan_.emplace(std::vector<std::string_view>(stopwords_.begin(), stopwords_.end())); });
  bool found = false;
  scan_->scan(secret, [&](std::uint32_t, std::size_t) { found = true; });
  return found;
}

bool AllowlistCheck::allows(const GitleaksCandidate& candidate) const {
  if (!all_of_) {
    return has_regex(candidate) || has_stopword(candidate.secret);
  }
  return !has_commits_ && (!paths_ || has_path(candidate.file)) && (!regexes_ || has_regex(candidate)) &&
         (stopwords_.empty() || has_stopword(candidate.secret));
}

}  // namespace helmme::lint
