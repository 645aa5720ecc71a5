// Finds the borders of records on the wire (RFC 8446 §5.1).
#pragma once

#include "../der.hh"

namespace tls::schannel {

constexpr size_t kRecordHeader = 5;
constexpr size_t kMaxFragment = 16384 + 2048;  // the limit of TLS 1.2, which is the larger one (RFC 5246 §6.2.3)

enum RecordType : uint8_t { kChangeCipherSpec = 20, kAlertRecord = 21, kHandshakeRecord = 22, kApplicationData = 23 };

enum class Framing { kWhole, kPart, kNotTls, kTooLong };

// Tells how much of the record at the beginning is there; `size` is its whole size once that is known.
Framing FrameOf(View input, size_t* size);

// Gives the size of all whole records at the beginning. Bytes that cannot be a record end the count, and are reported.
size_t WholeRecords(View input, Framing* end);

// Tells whether the last record is an alert, or one of TLS 1.3 that may hold one, which looks like data.
bool MayEndInAlert(View records);

constexpr int kAlertWarning = 1;
constexpr int kAlertFatal = 2;

// Writes an alert without protection.
Bytes PlainAlert(int level, int number);

}  // namespace tls::schannel
