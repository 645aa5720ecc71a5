import { createHash } from 'node:crypto';
import type { TrustSource } from '@org/tls-core';

/** A digest over what a session was made under: it is resumed under nothing else. */
export function sessionRules(rules: {
  readonly trust: TrustSource | undefined;
  readonly acceptAny: boolean;
  readonly verify: number;
}): Uint8Array {
  const hash = createHash('sha256');
  hash.update(`${rules.acceptAny} ${rules.verify} `);
  addTrust(rules.trust ?? 'default', (part) => hash.update(`${part.length} `).update(part));
  return new Uint8Array(hash.digest());
}

function addTrust(trust: TrustSource, add: (part: string | Uint8Array) => void): void {
  if (typeof trust === 'string' || trust instanceof Uint8Array) add(trust);
  else if (isList(trust)) for (const each of trust) addTrust(each, add);
}

function isList(trust: TrustSource): trust is readonly TrustSource[] {
  return Array.isArray(trust);
}
