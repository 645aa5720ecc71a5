import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** NewSessionTicket of TLS 1.2 (RFC 5077 §3.3). */
export interface Tls12NewSessionTicket {
  /** A hint, in 32 bits; 0: the server says nothing about it. */
  readonly ticketLifetimeHintSeconds: number;
  /** Empty when the server has changed its mind about giving one. */
  readonly ticket: Uint8Array;
}

export function decodeTls12NewSessionTicket(body: Uint8Array): Tls12NewSessionTicket {
  return decodeAll(body, 'NewSessionTicket', (reader) => ({
    ticketLifetimeHintSeconds: reader.uint32(),
    ticket: reader.vector16(),
  }));
}

export function encodeTls12NewSessionTicket({ ticketLifetimeHintSeconds, ticket }: Tls12NewSessionTicket): Uint8Array {
  return encodeHandshake(HandshakeType.newSessionTicket, (body) => {
    body.uint16(ticketLifetimeHintSeconds >>> 16).uint16(ticketLifetimeHintSeconds);
    body.vector16(() => body.bytes(ticket));
  });
}
