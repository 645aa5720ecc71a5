import { encodeAlpnProtocol } from './alpn.ts';
import { badValue } from './option-error.ts';
import { listOf, textOrBytes } from './option-rule.ts';

/** All names of protocols with their lengths: a ClientHello has 64 KiB for its extensions, and others need room too. */
const maxAlpnLength = 0x20_00;

/** Names of protocols for ALPN; those that are bytes are copied. */
export function alpnProtocols(value: unknown, option: string): readonly (string | Uint8Array)[] {
  let length = 0;
  return listOf(value, option, 'an array of strings or Uint8Array', (protocol) => {
    const copy = textOrBytes(protocol, option, 'an array of strings or Uint8Array');
    length += 1 + encodeAlpnProtocol(copy).length;
    if (length > maxAlpnLength) throw badValue(option, `all protocols together are longer than ${maxAlpnLength} bytes`);
    return copy;
  });
}
