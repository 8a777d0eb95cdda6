// A template, parsed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "placeholder/fetched_value.h"
#include "placeholder/template_function.h"

namespace helmme::placeholder {

struct TemplateOperand;

// A function with its operands, or one operand alone.
struct TemplateCommand {
  const TemplateFunction* function = nullptr;
  std::vector<TemplateOperand> operands;
};

// Each command's value is the last operand of the next.
using TemplatePipeline = std::vector<TemplateCommand>;

struct TemplateOperand {
  enum class Kind { data, literal, pipeline };
  Kind kind = Kind::data;
  FetchedValue literal = {};
  TemplatePipeline pipeline = {};
  std::vector<std::string> fields = {};  // walked in it
};

struct TemplateItem;

struct TemplateBlock {
  std::vector<TemplateItem> items;
};

struct TemplateBranch {
  TemplatePipeline condition;  // none: else
  TemplateBlock block;
};

// Text, an action's pipeline, or an if.
struct TemplateItem {
  std::string text = {};
  TemplatePipeline pipeline = {};
  std::vector<TemplateBranch> branches = {};
};

[[nodiscard]] base::Result<TemplateBlock> parse_template(std::string_view text);

}  // namespace helmme::placeholder
