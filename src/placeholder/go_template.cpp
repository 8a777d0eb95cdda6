#include "placeholder/go_template.h"

#include <utility>
#include <vector>

#include "placeholder/template_tree.h"
#include "placeholder/wiped_text.h"

namespace helmme::placeholder {
namespace {

using Kind = FetchedValue::Kind;

class Run {
 public:
  explicit Run(const FetchedValue& data) : data_(data) {}

  base::Result<void> block(const TemplateBlock& block, WipedText& out) {
    for (const TemplateItem& item : block.items) {
      out += item.text;
      if (!item.pipeline.empty()) {
        TRY_ASSIGN(TemplateValue value, pipeline(item.pipeline));
        if (value.missing) {
          return base::fail(std::move(*value.missing));
        }
        out += to_text(value.value).reveal();
      }
      for (const TemplateBranch& branch : item.branches) {
        TRY_ASSIGN(const bool taken, holds(branch));
        if (taken) {
          TRY(this->block(branch.block, out));
          break;
        }
      }
      if (out.size() > k_template_text_limit) {
        return base::fail({.kind = base::ErrorKind::bad_input, .message = "template: more text than 16 MiB"});
      }
    }
    return {};
  }

 private:
  base::Result<bool> holds(const TemplateBranch& branch) {
    if (branch.condition.empty()) {
      return true;
    }
    TRY_ASSIGN(const TemplateValue value, pipeline(branch.condition));
    return is_true(value);
  }

  base::Result<TemplateValue> pipeline(const TemplatePipeline& pipeline) {
    std::optional<TemplateValue> piped;
    for (const TemplateCommand& one : pipeline) {
      TRY_ASSIGN(TemplateValue value, command(one, std::exchange(piped, std::nullopt)));
      piped = std::move(value);
    }
    return std::move(*piped);
  }

  base::Result<TemplateValue> command(const TemplateCommand& command, std::optional<TemplateValue> piped) {
    TemplateArguments arguments;
    for (const TemplateOperand& one : command.operands) {
      TRY_ASSIGN(TemplateValue value, operand(one));
      arguments.push_back(std::move(value));
    }
    if (piped) {
      arguments.push_back(std::move(*piped));
    }
    if (command.function == nullptr) {
      return std::move(arguments.at(0));
    }
    for (TemplateValue& argument : arguments) {
      if (argument.missing && !command.function->takes_missing) {
        return base::fail(std::move(*argument.missing));
      }
    }
    TRY_ASSIGN(TemplateValue made, command.function->call(arguments));
    // A key that stands in the template may be shown: index . "a-b".
    if (made.missing && command.operands.size() == 2 && arguments.size() == 2 &&
        command.operands[1].kind == TemplateOperand::Kind::literal) {
      return missing_field(to_text(command.operands[1].literal).reveal(), {});
    }
    return made;
  }

  base::Result<TemplateValue> operand(const TemplateOperand& operand) {
    if (operand.kind == TemplateOperand::Kind::literal) {
      return TemplateValue{.value = operand.literal.clone()};
    }
    if (operand.kind == TemplateOperand::Kind::pipeline) {
      TRY_ASSIGN(TemplateValue value, pipeline(operand.pipeline));
      for (const std::string& field : operand.fields) {
        if (!value.missing) {
          TemplateValue member = member_of(value.value, field);
          value = member.missing ? missing_field(field, {}) : std::move(member);
        }
      }
      return value;
    }
    // The data are walked in place: all of them need not be copied for one of their keys.
    const FetchedValue* at = &data_;
    for (const std::string& field : operand.fields) {
      const FetchedValue* const next = at->find(field);
      if (next == nullptr) {
        TemplateValue item = member_of(*at, field);
        return item.missing ? missing_field(field, at->keys()) : std::move(item);
      }
      at = next;
    }
    return TemplateValue{.value = at->clone()};
  }

  const FetchedValue& data_;
};

}  // namespace

GoTemplate::GoTemplate(std::unique_ptr<TemplateBlock> block) : block_(std::move(block)) {}
GoTemplate::GoTemplate(GoTemplate&&) noexcept = default;
GoTemplate& GoTemplate::operator=(GoTemplate&&) noexcept = default;
GoTemplate::~GoTemplate() = default;

base::Result<GoTemplate> GoTemplate::parse(std::string_view text) {
  TRY_ASSIGN(TemplateBlock block, parse_template(text));
  return GoTemplate(std::make_unique<TemplateBlock>(std::move(block)));
}

base::Result<base::Secret> GoTemplate::execute(const FetchedValue& data) const {
  WipedText out;
  TRY(Run(data).block(*block_, out));
  return out.secret();
}

}  // namespace helmme::placeholder
