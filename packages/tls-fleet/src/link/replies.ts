/** Replies of Redis as clients give them, which depends on the client, its options and the protocol's version. None is trusted. */

/** Tells a reply from none: a key that is not there, or a condition that did not hold. */
export function isThere(reply: unknown): boolean {
  return reply !== null && reply !== undefined;
}

/** @returns `undefined` where the reply is no text, or is longer than `longest` characters */
export function textReply(reply: unknown, longest: number): string | undefined {
  if (typeof reply === 'string') return reply.length <= longest ? reply : undefined;
  if (reply instanceof Uint8Array) return reply.length <= longest ? Buffer.from(reply).toString('latin1') : undefined;
  return undefined;
}

/** @returns `undefined` where the reply is no whole number that is exact */
export function integerReply(reply: unknown): number | undefined {
  const text = typeof reply === 'number' || typeof reply === 'bigint' ? String(reply) : textReply(reply, 20);
  if (text === undefined || !/^-?\d{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** @returns `undefined` where the reply is no list of so many replies */
export function listReply(reply: unknown, length: number): readonly unknown[] | undefined {
  return Array.isArray(reply) && reply.length === length ? (reply as readonly unknown[]) : undefined;
}
