#include "net/curl_library.h"

#include <optional>
#include <string>
#include <utility>

#include "base/shared_library.h"

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
  const std::optional<base::SharedLibrary> file = base::SharedLibrary::load(k_file);
  if (!file) {
    return not_here("libcurl, which asks servers for secrets, is not installed");
  }
  CurlLibrary library;
  const bool all =
      file->bind(library.global_init, "curl_global_init") && file->bind(library.easy_init, "curl_easy_init") &&
      file->bind(library.easy_setopt, "curl_easy_setopt") && file->bind(library.easy_getinfo, "curl_easy_getinfo") &&
      file->bind(library.easy_reset, "curl_easy_reset") && file->bind(library.easy_cleanup, "curl_easy_cleanup") &&
      file->bind(library.slist_append, "curl_slist_append") &&
      file->bind(library.slist_free_all, "curl_slist_free_all") && file->bind(library.multi_init, "curl_multi_init") &&
      file->bind(library.multi_setopt, "curl_multi_setopt") &&
      file->bind(library.multi_add_handle, "curl_multi_add_handle") &&
      file->bind(library.multi_remove_handle, "curl_multi_remove_handle") &&
      file->bind(library.multi_perform, "curl_multi_perform") && file->bind(library.multi_poll, "curl_multi_poll") &&
      file->bind(library.multi_info_read, "curl_multi_info_read") &&
      file->bind(library.multi_cleanup, "curl_multi_cleanup");
  if (!all || library.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return not_here("the libcurl that is installed cannot be used");
  }
  return library;
}

}  // namespace helmme::net
