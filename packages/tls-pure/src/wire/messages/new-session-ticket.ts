import { readExtensions, type Extensions } from '../extension.ts';
import { decodeAll } from '../reader.ts';

/** NewSessionTicket of TLS 1.3 (RFC 8446 §4.6.1). */
export interface NewSessionTicket {
  readonly ticketLifetimeSeconds: number;
  readonly ticketAgeAdd: number;
  readonly ticketNonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: Extensions;
}

export function decodeNewSessionTicket(body: Uint8Array): NewSessionTicket {
  return decodeAll(body, 'NewSessionTicket', (reader) => ({
    ticketLifetimeSeconds: reader.uint32(),
    ticketAgeAdd: reader.uint32(),
    ticketNonce: reader.vector8(),
    ticket: reader.vector16(1),
    extensions: readExtensions(reader, 'NewSessionTicket'),
  }));
}
