#include "base/heap.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace helmme::base {

void wipe_freed_memory() noexcept {
#if defined(__GLIBC__)
  constexpr int k_any_byte_but_zero = 0xA5;
  (void)mallopt(M_PERTURB, k_any_byte_but_zero);
#endif
}

}  // namespace helmme::base
