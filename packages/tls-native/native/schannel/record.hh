// Records as they are on the wire (RFC 8446 §5.1).
#pragma once

#include "../der.hh"

namespace tls::schannel {

constexpr size_t kRecordHeader = 5;
constexpr size_t kMaxFragment = 16384 + 2048;  // of TLS 1.2, the larger limit (RFC 5246 §6.2.3)

enum RecordType : uint8_t { kChangeCipherSpec = 20, kAlertRecord = 21, kHandshakeRecord = 22, kApplicationData = 23 };

enum class Framing { kWhole, kPart, kNotTls, kTooLong };

// How the record at the beginning stands; `size` is its whole size once that is known.
Framing FrameOf(View input, size_t* size);

// The size of all whole records at the beginning. A record that cannot be one ends the count, and is told.
size_t WholeRecords(View input, Framing* end);

constexpr int kAlertWarning = 1;
constexpr int kAlertFatal = 2;

// An alert under no protection.
Bytes PlainAlert(int level, int number);

}  // namespace tls::schannel
