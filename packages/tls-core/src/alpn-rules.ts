import { encodeAlpnProtocol } from './alpn.ts';
import { badValue } from './option-error.ts';
import { listOf, textOrBytes } from './option-rule.ts';

/** Bounds all names together with their lengths. A ClientHello has 64 KiB for its extensions, and others need room too. */
const maxAlpnLength = 0x20_00;

/** Reads the names of protocols for ALPN, and copies those that are bytes. */
export function alpnProtocols(value: unknown, option: string): readonly (string | Uint8Array)[] {
  let length = 0;
  return listOf(value, option, 'an array of strings or Uint8Array', (protocol) => {
    const copy = textOrBytes(protocol, option, 'an array of strings or Uint8Array');
    length += 1 + encodeAlpnProtocol(copy).length;
    if (length > maxAlpnLength) throw badValue(option, `all protocols together are longer than ${maxAlpnLength} bytes`);
    return copy;
  });
}
