import { encodeAlpnProtocol } from '@org/tls-core/backend';

/** Encodes protocols as a ProtocolNameList without its length (RFC 7301 §3.1). */
export function alpnList(protocols: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    protocols.flatMap((protocol) => {
      const bytes = encodeAlpnProtocol(protocol);
      return [Uint8Array.of(bytes.length), bytes];
    }),
  );
}
