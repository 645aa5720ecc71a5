import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** NewSessionTicket of TLS 1.2 (RFC 5077 §3.3). */
export interface NewSessionTicket12 {
  /** A hint, in 32 bits; 0: the server says nothing about it. */
  readonly ticketLifetimeHintSeconds: number;
  /** Empty when the server has changed its mind about giving one. */
  readonly ticket: Uint8Array;
}

export function decodeNewSessionTicket12(body: Uint8Array): NewSessionTicket12 {
  return decodeAll(body, 'NewSessionTicket', (reader) => ({
    ticketLifetimeHintSeconds: reader.uint32(),
    ticket: reader.vector16(),
  }));
}

export function encodeNewSessionTicket12({ ticketLifetimeHintSeconds, ticket }: NewSessionTicket12): Uint8Array {
  return encodeHandshake(HandshakeType.newSessionTicket, (body) => {
    body.uint16(ticketLifetimeHintSeconds >>> 16).uint16(ticketLifetimeHintSeconds);
    body.vector16(() => body.bytes(ticket));
  });
}
