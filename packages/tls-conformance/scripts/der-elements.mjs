// DER for what the test PKI has no option for.

/** DER: one element around its parts, text or bytes. */
export function tagged(tag, ...parts) {
  const contents = Buffer.concat(parts.map((part) => Buffer.from(part)));
  const { length } = contents;
  const octets = length < 0x80 ? [length] : length < 0x1_00 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...octets), contents]);
}
export function sequence(...parts) {
  return tagged(0x30, ...parts);
}
export function dns(text) {
  return tagged(0x82, text);
}
/** A Name of one common name. */
export function name(commonName) {
  return sequence(tagged(0x31, sequence(Buffer.from('0603550403', 'hex'), tagged(0x0c, commonName))));
}
