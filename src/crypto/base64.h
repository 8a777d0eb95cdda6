// crypto: OpenSSL behind small functions. Uses base and OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace helmme::crypto {

// RFC 4648, section 4, with padding; line ends in `text` are skipped, as Kubernetes' Go reader does. nullopt: it is not
// base64.
[[nodiscard]] std::optional<base::Secret> decode_base64(std::string_view text);

// RFC 4648, section 4, with padding, on one line.
[[nodiscard]] base::Secret encode_base64(std::string_view bytes);

}  // namespace helmme::crypto
