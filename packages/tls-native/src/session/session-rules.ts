import { createHash } from 'node:crypto';
import { currentSessionBinding, sessionBinding } from '@org/tls-core/backend';
import type { Host } from '../border/host.ts';

type Configuration = Parameters<typeof sessionBinding>[0];

/**
 * Gives the digest of the rules that sessions are made under, as it is at each moment: they are resumed under no others. Who judges the peer, and
 * what the library takes for too weak, are among these rules.
 */
export function currentSessionRules(configuration: Configuration, host: Host): () => Uint8Array {
  return currentSessionBinding(configuration, judgeOf(host), sha256);
}

/** As `currentSessionRules`, without what may change. */
export function fixedSessionRules(configuration: Configuration, host: Host): Uint8Array {
  return sessionBinding(configuration, judgeOf(host), sha256);
}

function judgeOf({ verifier, securityLevel, library }: Host): string {
  const level = securityLevel ?? library.policy?.securityLevel ?? 'unknown';
  return verifier === undefined ? `platform ${level}` : `verifier ${verifier.name}`;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
