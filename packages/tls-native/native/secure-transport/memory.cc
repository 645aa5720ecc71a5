#include "memory.hh"

namespace tls::secure_transport {

Owner<CFDataRef> ToData(View bytes) {
  return Owner<CFDataRef>(F().CFDataCreate(nullptr, bytes.data, static_cast<CFIndex>(bytes.size)));
}

Owner<CFDataRef> ToBorrowedData(View bytes) {
  return Owner<CFDataRef>(
      F().CFDataCreateWithBytesNoCopy(nullptr, bytes.data, static_cast<CFIndex>(bytes.size), F().kCFAllocatorNull));
}

Bytes ToBytes(CFDataRef data) {
  if (data == nullptr) return Bytes();
  const uint8_t* begin = F().CFDataGetBytePtr(data);
  return Bytes(begin, begin + F().CFDataGetLength(data));
}

Owner<CFStringRef> ToString(View text, uint32_t encoding) {
  return Owner<CFStringRef>(
      F().CFStringCreateWithBytes(nullptr, text.data, static_cast<CFIndex>(text.size), encoding, 0));
}

std::string ToText(CFStringRef text) {
  char buffer[512] = "";
  if (text == nullptr || F().CFStringGetCString(text, buffer, sizeof buffer, constant::kUtf8) == 0) return "";
  return buffer;
}

Owner<CFArrayRef> ToArray(const std::vector<const void*>& items) {
  std::vector<const void*> values = items;  // a copy, because the parameter is not const
  return Owner<CFArrayRef>(
      F().CFArrayCreate(nullptr, values.data(), static_cast<CFIndex>(values.size()), F().kCFTypeArrayCallBacks));
}

Owner<SecCertificateRef> ToCertificate(View der) {
  const Owner<CFDataRef> data = ToData(der);
  if (!data) return Owner<SecCertificateRef>();
  return Owner<SecCertificateRef>(F().SecCertificateCreateWithData(nullptr, data.get()));
}

}  // namespace tls::secure_transport
