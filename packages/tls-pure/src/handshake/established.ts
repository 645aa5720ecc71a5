import type { ConnectionInfo } from '@org/tls-core';
import type { Protection } from '../record/protection.ts';
import type { HandshakeMessage } from '../wire/handshake-message.ts';

/** What a finished handshake hands to the engine. */
export interface Established {
  readonly info: ConnectionInfo;
  readonly keys: ConnectionKeys;
  /**
   * Takes a message that comes after the handshake and is not about keys (RFC 8446 §4.6, RFC 5246 §7.4.1.1).
   * @throws TlsError `ERR_TLS_UNEXPECTED_MESSAGE` on a message that may not come
   */
  readonly receive: (message: HandshakeMessage) => void;
}

/** The secrets of an open connection, which it owns and wipes. */
export interface ConnectionKeys {
  /** The next generation of keys (RFC 8446 §7.2); `undefined` in TLS 1.2, which has one only. */
  readonly update: KeyUpdates | undefined;
  /**
   * TLS-Exporter (RFC 8446 §7.5, RFC 5705 §4).
   * @throws RangeError when the label is not at most 249 characters of printable ASCII, or the length not 1 to 255 times the hash's
   */
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  wipe(): void;
}

export interface KeyUpdates {
  /** Protection under the next generation of our keys. */
  updateWrite(): Protection;
  /** Protection under the next generation of the peer's keys. */
  updateRead(): Protection;
}
