import { createHash } from 'node:crypto';
import { sessionBinding } from '@org/tls-core/backend';
import type { Host } from '../border/host.ts';

/**
 * Makes a digest of the rules that sessions are made under: they are resumed under no others. Who judges the peer, and what the library
 * takes for too weak, are among these rules.
 */
export function sessionRules(
  configuration: Parameters<typeof sessionBinding>[0],
  { verifier, securityLevel, library }: Host,
): Uint8Array {
  const level = securityLevel ?? library.policy?.securityLevel ?? 'unknown';
  const judge = verifier === undefined ? `platform ${level}` : `verifier ${verifier.name}`;
  return sessionBinding(configuration, judge, sha256);
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
