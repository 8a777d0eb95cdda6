// Comparisons, truth, defaults and whole numbers (funcs.go of text/template, defaults.go and numeric.go of sprig).
#include <algorithm>
#include <array>
#include <charconv>
#include <compare>

#include "placeholder/template_function.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;
using Arguments = TemplateArguments;
using Made = base::Result<TemplateValue>;
constexpr std::size_t k_any = 100;  // operands

TemplateValue copy(const TemplateValue& value) { return {.value = value.value.clone(), .missing = value.missing}; }

std::optional<std::partial_ordering> order(const FetchedValue& left, const FetchedValue& right) {
  const std::string_view a = left.scalar.reveal();
  const std::string_view b = right.scalar.reveal();
  if (left.kind != right.kind || !left.is_scalar()) {
    return std::nullopt;
  }
  if (left.kind != Kind::number || a == b) {
    return a <=> b;
  }
  const auto read = [](std::string_view text, auto& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ptr == text.data() + text.size();
  };
  if (long long x = 0, y = 0; read(a, x) && read(b, y)) {
    return x <=> y;
  }
  double x = 0;
  double y = 0;
  return read(a, x) && read(b, y) ? std::optional(x <=> y) : std::nullopt;
}

// The first of which it is decided, else the last.
Made logic_and(const Arguments& arguments) {
  const auto found =
      std::find_if(arguments.begin(), arguments.end(), [](const TemplateValue& value) { return !is_true(value); });
  return copy(found == arguments.end() ? arguments.back() : *found);
}

Made logic_or(const Arguments& arguments) {
  const auto found = std::find_if(arguments.begin(), arguments.end(), is_true);
  return copy(found == arguments.end() ? arguments.back() : *found);
}

Made logic_not(const Arguments& arguments) { return template_boolean(!is_true(arguments[0])); }

// Whether the first equals any of the others.
Made eq(const Arguments& arguments) {
  return template_boolean(std::any_of(arguments.begin() + 1, arguments.end(), [&](const TemplateValue& other) {
    const auto compared = order(arguments[0].value, other.value);
    return compared && std::is_eq(*compared);
  }));
}

Made ne(const Arguments& arguments) {
  const auto compared = order(arguments[0].value, arguments[1].value);
  return template_boolean(!compared || std::is_neq(*compared));
}

template <typename Holds>
Made compared(const Arguments& arguments, const Holds& holds) {
  const auto found = order(arguments[0].value, arguments[1].value);
  if (!found || arguments[0].value.kind == Kind::boolean) {
    return template_error("two values that have no order");
  }
  return template_boolean(holds(*found));
}

Made lt(const Arguments& arguments) {
  return compared(arguments, [](auto found) { return std::is_lt(found); });
}
Made le(const Arguments& arguments) {
  return compared(arguments, [](auto found) { return std::is_lteq(found); });
}
Made gt(const Arguments& arguments) {
  return compared(arguments, [](auto found) { return std::is_gt(found); });
}
Made ge(const Arguments& arguments) {
  return compared(arguments, [](auto found) { return std::is_gteq(found); });
}

Made empty(const Arguments& arguments) { return template_boolean(!is_true(arguments[0])); }

Made otherwise(const Arguments& arguments) { return copy(is_true(arguments[1]) ? arguments[1] : arguments[0]); }

Made coalesce(const Arguments& arguments) { return logic_or(arguments); }

Made ternary(const Arguments& arguments) { return copy(is_true(arguments[2]) ? arguments[0] : arguments[1]); }

Made fail_with(const Arguments& arguments) {
  // Its text may be made of values, so it is not shown.
  return arguments.empty() ? template_error("it fails") : template_error("its function fail was reached");
}

enum class Operation { add, subtract, multiply, divide, modulo };

base::Result<long long> calculate(Operation operation, long long left, long long right) {
  long long out = 0;
  bool bad = false;
  switch (operation) {
    case Operation::add:
      bad = __builtin_add_overflow(left, right, &out);
      break;
    case Operation::subtract:
      bad = __builtin_sub_overflow(left, right, &out);
      break;
    case Operation::multiply:
      bad = __builtin_mul_overflow(left, right, &out);
      break;
    case Operation::divide:
    case Operation::modulo:
      bad = right == 0 || (right == -1 && __builtin_sub_overflow(0LL, left, &out));
      if (!bad) {
        out = operation == Operation::divide ? left / right : right == -1 ? 0 : left % right;
      }
      break;
  }
  return bad ? base::Result<long long>(template_error("a number beyond 64 bits, or a division by 0")) : out;
}

Made fold(Operation operation, const Arguments& arguments) {
  TRY_ASSIGN(long long sum, integer_of(arguments[0]));
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    TRY_ASSIGN(const long long next, integer_of(arguments[i]));
    TRY_ASSIGN(const long long result, calculate(operation, sum, next));
    sum = result;
  }
  return template_number(sum);
}

Made add(const Arguments& arguments) { return fold(Operation::add, arguments); }
Made sub(const Arguments& arguments) { return fold(Operation::subtract, arguments); }
Made mul(const Arguments& arguments) { return fold(Operation::multiply, arguments); }
Made div(const Arguments& arguments) { return fold(Operation::divide, arguments); }
Made mod(const Arguments& arguments) { return fold(Operation::modulo, arguments); }

Made add1(const Arguments& arguments) {
  TRY_ASSIGN(const long long number, integer_of(arguments[0]));
  TRY_ASSIGN(const long long result, calculate(Operation::add, number, 1));
  return template_number(result);
}

Made integer(const Arguments& arguments) {
  TRY_ASSIGN(const long long number, integer_of(arguments[0]));
  return template_number(number);
}

constexpr std::array k_functions = {
    TemplateFunction{"and", 1, k_any, true, logic_and},
    TemplateFunction{"or", 1, k_any, true, logic_or},
    TemplateFunction{"not", 1, 1, true, logic_not},
    TemplateFunction{"eq", 2, k_any, true, eq},
    TemplateFunction{"ne", 2, 2, true, ne},
    TemplateFunction{"lt", 2, 2, false, lt},
    TemplateFunction{"le", 2, 2, false, le},
    TemplateFunction{"gt", 2, 2, false, gt},
    TemplateFunction{"ge", 2, 2, false, ge},
    TemplateFunction{"empty", 1, 1, true, empty},
    TemplateFunction{"default", 2, 2, true, otherwise},
    TemplateFunction{"coalesce", 1, k_any, true, coalesce},
    TemplateFunction{"ternary", 3, 3, true, ternary},
    TemplateFunction{"fail", 1, 1, true, fail_with},
    TemplateFunction{"add", 1, k_any, false, add},
    TemplateFunction{"add1", 1, 1, false, add1},
    TemplateFunction{"sub", 2, 2, false, sub},
    TemplateFunction{"mul", 2, k_any, false, mul},
    TemplateFunction{"div", 2, 2, false, div},
    TemplateFunction{"mod", 2, 2, false, mod},
    TemplateFunction{"int", 1, 1, false, integer},
    TemplateFunction{"int64", 1, 1, false, integer},
    TemplateFunction{"atoi", 1, 1, false, integer},
};

}  // namespace

std::span<const TemplateFunction> template_logic_functions() { return k_functions; }

}  // namespace helmme::placeholder
