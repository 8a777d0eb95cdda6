#include "placeholder/value_builder.h"

#include <utility>

namespace helmme::placeholder {

bool ValueBuilder::open(FetchedValue::Kind kind) {
  if (open_.size() >= k_value_depth_limit) {
    return false;
  }
  open_.emplace_back().value.kind = kind;
  return true;
}

void ValueBuilder::close() {
  FetchedValue value = std::move(open_.back().value);
  open_.pop_back();
  add(std::move(value));
}

bool ValueBuilder::key(std::string_view name) {
  Open& map = open_.back();
  map.key = name;
  return map.names.insert(map.key).second;
}

void ValueBuilder::add(FetchedValue value) {
  if (open_.empty()) {
    root_ = std::move(value);
    return;
  }
  Open& parent = open_.back();
  if (parent.value.kind == FetchedValue::Kind::map) {
    parent.value.entries.emplace_back(std::move(parent.key), std::move(value));
  } else {
    parent.value.items.push_back(std::move(value));
  }
}

const FetchedValue& ValueBuilder::last() const noexcept {
  if (open_.empty()) {
    return root_;
  }
  const FetchedValue& parent = open_.back().value;
  return parent.kind == FetchedValue::Kind::map ? parent.entries.back().second : parent.items.back();
}

FetchedValue ValueBuilder::take_last() {
  Open& map = open_.back();
  FetchedValue out = std::move(map.value.entries.back().second);
  map.names.erase(map.value.entries.back().first);
  map.value.entries.pop_back();
  return out;
}

}  // namespace helmme::placeholder
