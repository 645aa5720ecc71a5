import type { TicketKey } from '@org/tls-core';
import { copyBytes } from '@org/tls-core/backend';

const nameLength = 16;

/** Bytes of a ticket key: its name, and its secret behind it. */
export const ticketKeyLength = nameLength + 32;

/** @param bytes `ticketKeyLength` of them; they are copied */
export function ticketKeyFrom(bytes: Uint8Array): TicketKey {
  return Object.freeze({
    name: copyBytes(bytes.subarray(0, nameLength)),
    secret: copyBytes(bytes.subarray(nameLength)),
  });
}
