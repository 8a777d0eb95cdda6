#include "base/error.h"

namespace helmme::base {

int exit_code(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage:
      return 2;
    case ErrorKind::bad_input:
      return 3;
    case ErrorKind::denied:
      return 4;
    case ErrorKind::not_found:
      return 5;
    case ErrorKind::unavailable:
      return 6;
    case ErrorKind::internal:
      break;
  }
  return 70;
}

}  // namespace helmme::base
