import { isDnsName } from '@org/tls-core/backend';

/** An e-mail address in two parts (RFC 5321 §4.1.2). The local part counts to the letter, the domain whatever its case is. */
export interface Mailbox {
  readonly localPart: string;
  /** The domain in lower case. */
  readonly domain: string;
}

/**
 * Reads an rfc822Name (RFC 5280 §4.2.1.6).
 * @returns `undefined` where the local part is quoted, which two readers may take apart differently, or the domain is no domain name
 */
export function parseMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  const localPart = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || !dotAtoms.test(localPart) || !isDnsName(domain)) return undefined;
  return { localPart, domain };
}

export function isMailbox(text: string): boolean {
  return parseMailbox(text) !== undefined;
}

/** The form `Dot-string` of RFC 5321 §4.1.2. */
const dotAtoms = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/u;
