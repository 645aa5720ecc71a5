import { writeExtensions, type Extension, type Extensions } from '../extension.ts';
import { readExtensions } from '../extension-places.ts';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import { decodeAll } from '@org/tls-core/backend';

/** NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1). */
export interface NewSessionTicket13 extends NewSessionTicketFields {
  readonly extensions: Extensions;
}

interface NewSessionTicketFields {
  readonly ticketLifetimeSeconds: number;
  readonly ticketAgeAdd: number;
  readonly ticketNonce: Uint8Array;
  readonly ticket: Uint8Array;
}

export function decodeNewSessionTicket13(body: Uint8Array): NewSessionTicket13 {
  return decodeAll(body, 'NewSessionTicket', (reader) => ({
    ticketLifetimeSeconds: reader.uint32(),
    ticketAgeAdd: reader.uint32(),
    ticketNonce: reader.vector8(),
    ticket: reader.vector16(1),
    extensions: readExtensions(reader, 'NewSessionTicket'),
  }));
}

export function encodeNewSessionTicket13(
  { ticketLifetimeSeconds, ticketAgeAdd, ticketNonce, ticket }: NewSessionTicketFields,
  extensions: readonly Extension[],
): Uint8Array {
  return encodeHandshake(
    HandshakeType.newSessionTicket,
    (body) => {
      body.uint32(ticketLifetimeSeconds).uint32(ticketAgeAdd);
      body.vector8(() => body.bytes(ticketNonce)).vector16(() => body.bytes(ticket));
      writeExtensions(body, extensions);
    },
    ticket.length + 32,
  );
}
