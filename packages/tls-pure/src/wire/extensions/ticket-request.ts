import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '@org/tls-core/backend';

/** A client's `ticket_request` (RFC 9149 §3). */
export interface TicketRequest {
  readonly newSessionCount: number;
  readonly resumptionCount: number;
}

export function encodeTicketRequest({ newSessionCount, resumptionCount }: TicketRequest): Extension {
  return { type: ExtensionType.ticketRequest, body: Uint8Array.of(newSessionCount, resumptionCount) };
}

export function decodeTicketRequest(body: Uint8Array): TicketRequest {
  return decodeAll(body, 'ticket_request', (reader) => ({
    newSessionCount: reader.uint8(),
    resumptionCount: reader.uint8(),
  }));
}

/** The server's hint in EncryptedExtensions: how many it will send. */
export function encodeExpectedTickets(count: number): Extension {
  return { type: ExtensionType.ticketRequest, body: Uint8Array.of(count) };
}

export function decodeExpectedTickets(body: Uint8Array): number {
  return decodeAll(body, 'ticket_request', (reader) => reader.uint8());
}
