import { decodeAll } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** How many tickets a client wants, and how many it gets (RFC 9149). */
export const ticketRequest = {
  type: ExtensionType.ticketRequest,
  name: 'ticket_request',
  tls12: [],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings: { config } }: { readonly settings: { readonly config: TicketRequestConfig } }) {
    return config.ticketRequest === undefined ? undefined : encodeTicketRequest(config.ticketRequest);
  },

  readOffer: decodeTicketRequest,

  answer(_offered: TicketRequest, { choices }: { readonly choices: { readonly tickets: number } }) {
    return encodeExpectedTickets(choices.tickets);
  },

  readAnswer: (body: Uint8Array) => decodeAll(body, 'ticket_request', (reader) => reader.uint8()),
} as const satisfies ExtensionDefinition<TicketRequest>;

export interface TicketRequestConfig {
  readonly ticketRequest?: TicketRequest | undefined;
}

/** `TicketRequestContents` (RFC 9149 §3); 0 to 255 each. */
export interface TicketRequest {
  /** `new_session_count`. */
  readonly newSession: number;
  /** `resumption_count`. */
  readonly resumption: number;
}

function encodeTicketRequest({ newSession, resumption }: TicketRequest): Extension {
  return { type: ExtensionType.ticketRequest, body: Uint8Array.of(newSession, resumption) };
}

function decodeTicketRequest(body: Uint8Array): TicketRequest {
  return decodeAll(body, 'ticket_request', (reader) => ({ newSession: reader.uint8(), resumption: reader.uint8() }));
}

/** The server's hint in EncryptedExtensions: how many it will send. */
function encodeExpectedTickets(count: number): Extension {
  return { type: ExtensionType.ticketRequest, body: Uint8Array.of(count) };
}
