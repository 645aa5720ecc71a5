import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** Tickets of TLS 1.2 (RFC 5077); those of TLS 1.3 are offered as pre-shared keys. */
export const sessionTicket = {
  type: ExtensionType.sessionTicket,
  name: 'session_ticket',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: [],

  offer({ choices }: { readonly choices: { readonly session: SessionOfEitherVersion | undefined } }) {
    const { session } = choices;
    return encodeSessionTicket(session?.protocol === 'TLSv1.2' ? session.ticket : new Uint8Array(0));
  },

  /** The body is the ticket itself, with no length before it: there is nothing to decode (RFC 5077 §3.2). Empty: the client wants one. */
  readOffer: (body) => body,

  answer(_offered: Uint8Array, { choices }: { readonly choices: { readonly givesTicket: boolean } }) {
    return choices.givesTicket ? sessionTicketAnnouncement : undefined;
  },

  readAnswer: decodeSessionTicketAnnouncement,
} as const satisfies ExtensionDefinition<Uint8Array>;

export interface SessionOfEitherVersion {
  readonly protocol: string;
  readonly ticket: Uint8Array;
}

/** @param ticket empty: the client wants one; not copied */
export function encodeSessionTicket(ticket: Uint8Array): Extension {
  return { type: ExtensionType.sessionTicket, body: ticket };
}

/** The server's announcement of a NewSessionTicket message, empty (RFC 5077 §3.2). */
export const sessionTicketAnnouncement: Extension = { type: ExtensionType.sessionTicket, body: new Uint8Array(0) };

/** @throws TlsError `ERR_TLS_DECODE` unless it is empty (RFC 5077 §3.2) */
export function decodeSessionTicketAnnouncement(body: Uint8Array): true {
  return decodeAll(body, 'session_ticket', () => true);
}
