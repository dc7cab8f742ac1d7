#include "file_urls.hpp"

#include <string.h>

namespace {

constexpr char kScheme[] = "file://";
constexpr size_t kSchemeBytes = sizeof(kScheme) - 1;

/// A string as bytes.
class Bytes {
 public:
  explicit Bytes(JSValueConst text) : text_(JS_ToCStringLen(machine.ctx, &count_, text)) {}
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes() { JS_FreeCString(machine.ctx, text_); }
  bool failed() const { return text_ == nullptr; }
  const char* begin() const { return text_; }
  const char* end() const { return text_ + count_; }
  size_t count() const { return count_; }

 private:
  size_t count_ = 0;
  const char* text_;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What a path writes otherwise in a URL: the path percent-encode set, and what node:url adds.
bool is_encoded(unsigned char c) {
  return c <= 0x20 || c >= 0x7F || strchr("\"#%<>?`{}\\^|~[]", c) != nullptr;
}

}  // namespace

JSValue path_of_url(JSValueConst url) {
  const Bytes text(url);
  if (text.failed()) return JS_EXCEPTION;
  const char* from = text.begin() + kSchemeBytes;
  if (text.count() <= kSchemeBytes || memcmp(text.begin(), kScheme, kSchemeBytes) != 0)
    return JS_UNDEFINED;
  if (text.end() - from > 9 && memcmp(from, "localhost/", 10) == 0) from += 9;
  if (*from != '/') return JS_UNDEFINED;
  HeldBytes path(text.count());
  if (path.failed()) return JS_EXCEPTION;
  size_t count = 0;
  for (; from < text.end() && *from != '?' && *from != '#'; ++from) {
    const int high = *from == '%' && text.end() - from > 2 ? hex_digit(from[1]) : -1;
    const int low = high >= 0 ? hex_digit(from[2]) : -1;
    if (low < 0) {
      path.get()[count++] = *from;
      continue;
    }
    const char c = (char)(high * 16 + low);
    if (c == '/') return JS_UNDEFINED;
    path.get()[count++] = c;
    from += 2;
  }
  return JS_NewStringLen(machine.ctx, path.get(), count);
}

JSValue url_of_file(JSValueConst path) {
  const Bytes text(path);
  if (text.failed()) return JS_EXCEPTION;
  HeldBytes url(kSchemeBytes + text.count() * 3);
  if (url.failed()) return JS_EXCEPTION;
  memcpy(url.get(), kScheme, kSchemeBytes);
  size_t count = kSchemeBytes;
  for (const char c : text) {
    if (!is_encoded((unsigned char)c)) {
      url.get()[count++] = c;
      continue;
    }
    constexpr char kDigits[] = "0123456789ABCDEF";
    url.get()[count++] = '%';
    url.get()[count++] = kDigits[(unsigned char)c >> 4];
    url.get()[count++] = kDigits[c & 15];
  }
  return JS_NewStringLen(machine.ctx, url.get(), count);
}

JSValue folder_of_file(JSValueConst path) {
  const Bytes text(path);
  if (text.failed()) return JS_EXCEPTION;
  const char* end = text.end();
  while (end > text.begin() && *end != '/') --end;
  const size_t count = (size_t)(end - text.begin());
  return count > 0 ? JS_NewStringLen(machine.ctx, text.begin(), count)
                   : JS_NewString(machine.ctx, *text.begin() == '/' ? "/" : ".");
}
