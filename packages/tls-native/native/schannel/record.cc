#include "record.hh"

namespace tls::schannel {

Framing FrameOf(View input, size_t* size) {
  if (input.size > 0 && (input.data[0] < kChangeCipherSpec || input.data[0] > kApplicationData)) return Framing::kNotTls;
  if (input.size > 1 && input.data[1] != 3) return Framing::kNotTls;
  if (input.size < kRecordHeader) return Framing::kPart;
  const size_t fragment = static_cast<size_t>(input.data[3]) << 8 | input.data[4];
  if (fragment > kMaxFragment) return Framing::kTooLong;
  *size = kRecordHeader + fragment;
  return input.size < *size ? Framing::kPart : Framing::kWhole;
}

size_t WholeRecords(View input, Framing* end) {
  size_t total = 0;
  for (;;) {
    size_t size = 0;
    *end = FrameOf(View{input.data + total, input.size - total}, &size);
    if (*end != Framing::kWhole) return total;
    total += size;
  }
}

bool MayEndInAlert(View records) {
  uint8_t last = kHandshakeRecord;
  size_t size = 0;
  for (size_t at = 0; FrameOf(View{records.data + at, records.size - at}, &size) == Framing::kWhole; at += size) last = records.data[at];
  return last == kAlertRecord || last == kApplicationData;
}

Bytes PlainAlert(int level, int number) {
  return Bytes{kAlertRecord, 3, 3, 0, 2, static_cast<uint8_t>(level), static_cast<uint8_t>(number)};
}

}  // namespace tls::schannel
