#include "provider/file.h"

#include "base/inside_file.h"
#include "base/text.h"
#include "crypto/base64.h"

namespace helmme::provider {

using base::ErrorKind;
using placeholder::Locator;

base::Result<Answer> FileProvider::read(const Locator& locator) {
  TRY(check_options(locator, {"encode"}));
  TRY_ASSIGN(const base::Secret bytes,
             base::read_inside(base::printable(locator.text()) + ":", folder_, locator.path, k_file_limit));
  const auto encode = locator.options.find("encode");
  if (encode == locator.options.end() || encode->second == "raw") {
    return Answer{.value = placeholder::FetchedValue::text(bytes.reveal())};
  }
  if (encode->second != "base64") {
    return base::fail(
        error_about(locator, ErrorKind::bad_input, "option \"encode\" is raw or base64", "encode=base64"));
  }
  return Answer{.value = placeholder::FetchedValue::text(crypto::encode_base64(bytes.reveal()).reveal())};
}

}  // namespace helmme::provider
