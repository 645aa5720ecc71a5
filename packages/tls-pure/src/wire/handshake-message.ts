import { Writer } from '@org/tls-core/backend';

/** Handshake message types (RFC 8446 §4, RFC 5246 §7.4). */
export const HandshakeType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
  compressedCertificate: 25,
  messageHash: 254,
} as const;
export type HandshakeType = (typeof HandshakeType)[keyof typeof HandshakeType];

const nameByType: ReadonlyMap<number, string> = new Map(
  Object.entries(HandshakeType).map(([name, type]) => [type, name]),
);

/** The message's name, for error messages. */
export function handshakeTypeName(type: number): string {
  return nameByType.get(type) ?? `message ${type}`;
}

/** A whole handshake message; both views are of the same buffer. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** Header and body, as they go into the transcript. */
  readonly raw: Uint8Array;
}

/** Bytes of the header: type and 24-bit length. */
export const handshakeHeaderLength = 4;

/** A handshake message with the body that `write` writes (RFC 8446 §4). */
export function encodeHandshake(type: HandshakeType, write: (body: Writer) => void, capacity?: number): Uint8Array {
  return new Writer(capacity).uint8(type).vector24(write).finish();
}
