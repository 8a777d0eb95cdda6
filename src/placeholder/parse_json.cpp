#include <nlohmann/json.hpp>
#include <string>

#include "placeholder/fetched_value.h"
#include "placeholder/value_builder.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;

FetchedValue scalar(Kind kind, std::string_view text) {
  FetchedValue out = FetchedValue::text(text);
  out.kind = kind;
  return out;
}

// The library's callbacks; a false ends the parse.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  ValueBuilder builder;
  std::string problem;

  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(scalar(Kind::boolean, value ? "true" : "false")); }
  // Negative ones only: a 0 among them is written -0.
  bool number_integer(number_integer_t value) override { return number(value == 0 ? "-0" : std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  // Also of an integer that is too large for 64 bits; `written` is how it stands in the text.
  bool number_float(number_float_t /*value*/, const string_t& written) override {
    return add(scalar(Kind::number, written));
  }
  bool string(string_t& value) override {
    FetchedValue text = FetchedValue::text(value);
    base::cleanse(value);
    return add(std::move(text));
  }
  bool binary(binary_t& /*value*/) override { return false; }  // of other formats than JSON
  bool start_object(std::size_t /*count*/) override { return open(Kind::map); }
  bool key(string_t& name) override { return builder.key(name) || refuse("a key stands in it twice"); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*count*/) override { return open(Kind::list); }
  bool end_array() override { return close(); }
  // The library's own text quotes what it read.
  bool parse_error(std::size_t position, const std::string& /*read*/, const nlohmann::json::exception&) override {
    return refuse("at byte " + std::to_string(position));
  }

 private:
  bool add(FetchedValue value) {
    builder.add(std::move(value));
    return true;
  }
  bool number(std::string text) {
    const bool added = add(scalar(Kind::number, text));
    base::cleanse(text);
    return added;
  }
  bool open(Kind kind) {
    return builder.open(kind) || refuse("nested more than " + std::to_string(k_value_depth_limit) + " levels deep");
  }
  bool close() {
    builder.close();
    return true;
  }
  bool refuse(std::string why) {
    problem = std::move(why);
    return false;
  }
};

}  // namespace

base::Result<FetchedValue> parse_json(std::string_view text) {
  Handler handler;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &handler)) {
    return base::fail({.kind = base::ErrorKind::bad_input, .message = "not valid JSON: " + handler.problem});
  }
  return std::move(handler.builder.root());
}

}  // namespace helmme::placeholder
