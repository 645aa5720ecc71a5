import type { BindingTable, BytePart } from '../binding-rule.ts';
import { clientBinding, type CheckedClientConfig } from '../client-config.ts';
import { serverBinding, type CheckedServerConfig } from '../server-config.ts';
import { encodeParts } from './encode-parts.ts';

/**
 * Computes a digest over what made a session trustworthy: whom the configuration believes and by which rules, and who we are ourselves.
 * A resumed handshake skips both proofs, so a session is resumed only under the same digest. Configurations that mean the same and are
 * written differently pay with a full handshake.
 * @param judge who verifies the peer, where a backend has a choice
 * @returns 32 bytes
 */
export function sessionBinding(
  configuration: Configuration,
  judge: string,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const { role } = configuration;
  const options =
    role === 'client' ? parts(clientBinding, configuration.config) : parts(serverBinding, configuration.config);
  return sha256(encodeParts([role, judge, ...options]));
}

/**
 * Gives the digest of `sessionBinding` as it is at each moment: where the lists of `revocation` come from a source, those of now belong to it. Whoever
 * makes a session asks before the peer is judged, because the session may not claim newer lists than those that the peer was looked up in.
 */
export function currentSessionBinding(
  configuration: Configuration,
  judge: string,
  sha256: (bytes: Uint8Array) => Uint8Array,
): () => Uint8Array {
  const fixed = sessionBinding(configuration, judge, sha256);
  const source = configuration.config.revocation?.lists;
  if (source === undefined) return () => fixed;
  let known: { readonly digest: string; readonly binding: Uint8Array } | undefined;
  return () => {
    const { digest } = source.current;
    if (known?.digest !== digest) known = { digest, binding: sha256(encodeParts([fixed, digest])) };
    return known.binding;
  };
}

type Configuration =
  | { readonly role: 'client'; readonly config: CheckedClientConfig }
  | { readonly role: 'server'; readonly config: CheckedServerConfig };

function parts<Config>(table: BindingTable<Config>, config: Config): readonly BytePart[] {
  return (Object.keys(table) as (keyof Config & string)[]).flatMap((option) => {
    const row = table[option];
    if (typeof row !== 'function') return [];
    const written = row(config[option]);
    // with their count, so that nothing of one option is taken for a part of the next
    return [option, String(written.length), ...written];
  });
}
