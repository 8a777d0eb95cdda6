// A library that is loaded when it is first needed, for one whose loading every start would have to wait for.
#pragma once

#include <optional>

namespace helmme::base {

class SharedLibrary {
 public:
  // nullopt: it is not installed. It stays loaded: many libraries do not bear being unloaded.
  [[nodiscard]] static std::optional<SharedLibrary> load(const char* file);

  // False: it has no such function.
  template <typename Function>
  [[nodiscard]] bool bind(Function*& function, const char* name) const {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as POSIX has it for dlsym(3)
    function = reinterpret_cast<Function*>(find(name));
    return function != nullptr;
  }

 private:
  explicit SharedLibrary(void* handle) noexcept : handle_(handle) {}
  [[nodiscard]] void* find(const char* name) const;

  void* handle_;
};

}  // namespace helmme::base
