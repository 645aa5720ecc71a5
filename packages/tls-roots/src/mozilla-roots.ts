import type { TrustAnchor } from '@org/tls-core';
import { rows } from './mozilla-list.ts';

/**
 * The roots that Mozilla trusts for servers, in the form that `trust` takes: name, key and constraints (RFC 5280 §6.1.1 (d)). The bytes are
 * shared: whoever changes them changes whom the whole program trusts.
 */
export const mozillaRoots: readonly TrustAnchor[] = /* @__PURE__ */ Object.freeze(rows.map(anchorOf));

function anchorOf(row: string): TrustAnchor {
  const [subject = '', subjectPublicKeyInfo = '', nameConstraints] = row.split(' ');
  return Object.freeze({
    subject: bytesOf(subject),
    subjectPublicKeyInfo: bytesOf(subjectPublicKeyInfo),
    ...(nameConstraints !== undefined && { nameConstraints: bytesOf(nameConstraints) }),
  });
}

function bytesOf(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}
