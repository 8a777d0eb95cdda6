#include "base/shared_library.h"

#include <dlfcn.h>

namespace helmme::base {

std::optional<SharedLibrary> SharedLibrary::load(const char* file) {
  void* const handle = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
  return handle == nullptr ? std::nullopt : std::optional(SharedLibrary(handle));
}

void* SharedLibrary::find(const char* name) const { return ::dlsym(handle_, name); }

}  // namespace helmme::base
