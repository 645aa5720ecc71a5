#include "session-state.hh"

#include "../der.hh"

namespace tls::openssl {
namespace {

// The optional field `peer` of the library's SSL_SESSION_ASN1.
constexpr uint8_t kPeer = der::Constructed(3);

// Encodes a SEQUENCE (X.690 §8.1.3, §8.9); its length has the fewest octets.
Bytes SequenceOf(const Bytes& content) {
  Bytes length;
  for (size_t left = content.size(); left > 0; left >>= 8) length.insert(length.begin(), static_cast<uint8_t>(left));
  Bytes sequence{der::kSequence};
  if (content.size() >= 0x80) sequence.push_back(static_cast<uint8_t>(0x80 | length.size()));
  if (content.empty()) length.push_back(0);
  sequence.insert(sequence.end(), length.begin(), length.end());
  sequence.insert(sequence.end(), content.begin(), content.end());
  return sequence;
}

}  // namespace

Bytes EncodeForOwner(const SSL_SESSION* session) {
  Bytes all = Encode(session);
  der::Reader outer(ViewOf(all));
  const std::optional<der::Element> sequence = outer.Next(der::kSequence);
  if (!sequence.has_value()) return all;
  Bytes fields;
  der::Reader reader(sequence->content);
  while (!reader.is_done()) {
    const std::optional<der::Element> field = reader.Next();
    if (!field.has_value()) return all;  // a layout that is not known stays as it is
    if (field->tag != kPeer) fields.insert(fields.end(), field->whole.data, field->whole.data + field->whole.size);
  }
  Bytes encoded = SequenceOf(fields);
  Wipe(&fields);
  Wipe(&all);
  return encoded;
}

}  // namespace tls::openssl
