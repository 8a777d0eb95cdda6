#include "crypto/aes_gcm.h"

#include <openssl/evp.h>

#include <climits>
#include <memory>
#include <stdexcept>

namespace helmme::crypto {
namespace {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

void must(bool good) {
  if (!good) {
    throw std::runtime_error("AES-256-GCM failed");
  }
}

// A context that has taken key, nonce and `bound`.
Context start(const base::Secret& key, std::string_view nonce, std::string_view bound, std::size_t size, bool seals) {
  must(key.size() == k_aes_key_size && nonce.size() == k_gcm_nonce_size && bound.size() <= INT_MAX && size <= INT_MAX);
  Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  must(context != nullptr &&
       EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()), bytes_of(nonce),
                         seals ? 1 : 0) == 1 &&
       EVP_CipherUpdate(context.get(), nullptr, &length, bytes_of(bound), static_cast<int>(bound.size())) == 1);
  return context;
}

}  // namespace

std::string seal_aes_gcm(const base::Secret& key, std::string_view nonce, std::string_view bound,
                         std::string_view text) {
  const Context context = start(key, nonce, bound, text.size(), true);
  std::string out(text.size() + k_gcm_tag_size, '\0');
  auto* to = reinterpret_cast<unsigned char*>(out.data());
  int length = 0;
  must(EVP_CipherUpdate(context.get(), to, &length, bytes_of(text), static_cast<int>(text.size())) == 1 &&
       EVP_CipherFinal_ex(context.get(), to + length, &length) == 1 &&
       EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(k_gcm_tag_size), to + text.size()) ==
           1);
  return out;
}

std::optional<base::Secret> open_aes_gcm(const base::Secret& key, std::string_view nonce, std::string_view bound,
                                         std::string_view sealed) {
  if (sealed.size() < k_gcm_tag_size) {
    return std::nullopt;
  }
  const std::string_view text = sealed.substr(0, sealed.size() - k_gcm_tag_size);
  std::string tag(sealed.substr(text.size()));
  const Context context = start(key, nonce, bound, text.size(), false);
  const std::unique_ptr<char[]> buffer(new char[text.size() + 1]);
  auto* to = reinterpret_cast<unsigned char*>(buffer.get());
  int length = 0;
  must(EVP_CipherUpdate(context.get(), to, &length, bytes_of(text), static_cast<int>(text.size())) == 1 &&
       EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(k_gcm_tag_size), tag.data()) == 1);
  std::optional<base::Secret> out;
  if (EVP_CipherFinal_ex(context.get(), to + length, &length) == 1) {
    out.emplace(std::string_view(buffer.get(), text.size()));
  }
  base::cleanse({buffer.get(), text.size()});
  return out;
}

}  // namespace helmme::crypto
