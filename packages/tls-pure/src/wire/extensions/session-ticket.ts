import { ExtensionType, type Extension } from '../extension.ts';
import { decodeAll } from '@org/tls-core/backend';

/**
 * A client's `session_ticket`, whose body is the ticket itself, with no length before it: there is nothing to decode (RFC 5077 §3.2).
 * @param ticket empty: the client wants one; not copied
 */
export function encodeSessionTicket(ticket: Uint8Array): Extension {
  return { type: ExtensionType.sessionTicket, body: ticket };
}

/** The server's announcement of a NewSessionTicket message, empty (RFC 5077 §3.2). */
export const sessionTicketAnnouncement: Extension = { type: ExtensionType.sessionTicket, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 5077 §3.2) */
export function decodeSessionTicketAnnouncement(body: Uint8Array): void {
  decodeAll(body, 'session_ticket', () => undefined);
}
