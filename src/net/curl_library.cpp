#include "net/curl_library.h"

#include <dlfcn.h>

namespace helmme::net {
namespace {

// The ABI that libcurl has kept since 2006.
constexpr const char* k_file = "libcurl.so.4";

tl::unexpected<base::Error> not_here(std::string what) {
  return base::fail({.kind = base::ErrorKind::unavailable,
                     .message = std::move(what),
                     .help = "install libcurl 7.75 or newer: apt-get install libcurl4"});
}

}  // namespace

base::Result<CurlLibrary> CurlLibrary::load() {
  void* const file = dlopen(k_file, RTLD_NOW | RTLD_LOCAL);
  if (file == nullptr) {
    return not_here("libcurl, which asks servers for secrets, is not installed");
  }
  CurlLibrary library;
  bool all = true;
  const auto bind = [&](auto& function, const char* name) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as POSIX has it for dlsym(3)
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(file, name));
    all = all && function != nullptr;
  };
  bind(library.global_init, "curl_global_init");
  bind(library.easy_init, "curl_easy_init");
  bind(library.easy_setopt, "curl_easy_setopt");
  bind(library.easy_getinfo, "curl_easy_getinfo");
  bind(library.easy_reset, "curl_easy_reset");
  bind(library.easy_cleanup, "curl_easy_cleanup");
  bind(library.slist_append, "curl_slist_append");
  bind(library.slist_free_all, "curl_slist_free_all");
  bind(library.multi_init, "curl_multi_init");
  bind(library.multi_setopt, "curl_multi_setopt");
  bind(library.multi_add_handle, "curl_multi_add_handle");
  bind(library.multi_remove_handle, "curl_multi_remove_handle");
  bind(library.multi_perform, "curl_multi_perform");
  bind(library.multi_poll, "curl_multi_poll");
  bind(library.multi_info_read, "curl_multi_info_read");
  bind(library.multi_cleanup, "curl_multi_cleanup");
  if (!all || library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return not_here("the libcurl that is installed cannot be used");
  }
  return library;
}

}  // namespace helmme::net
