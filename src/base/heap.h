// What third parties leave on the heap.
#pragma once

namespace helmme::base {

// From here on, memory that is freed is overwritten, whoever frees it (glibc's M_PERTURB, mallopt(3); elsewhere
// nothing happens). Secret wipes what is ours; a JSON parser's strings, libcurl's header lists and TLS buffers, and a
// std::string that had to grow are not ours to wipe, and a later core dump or swapped page would hold them. To be
// called before the first value is read from a backend: runs that read none do not pay for it.
void wipe_freed_memory() noexcept;

}  // namespace helmme::base
