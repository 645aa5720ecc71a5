import type { ConnectionInfo, Feature, ProtocolVersion, TlsBackend } from '@org/tls-core';
import type { FixtureName } from './fixtures.ts';

/** What a case is run with. One backend may play both roles. */
export interface Roles {
  readonly client: TlsBackend;
  readonly server: TlsBackend;
  /** What the server proves itself with where a case does not care. Default: `ecdsa-p256`. */
  readonly certificate?: FixtureName;
  /** What one of the two cannot tell of a connection, so that both need not say it alike. */
  readonly untold?: readonly (keyof ConnectionInfo)[];
}

/** One thing that the contract promises. */
export interface ConformanceCase {
  /** Stable; deviations are named by it. */
  readonly id: string;
  /** A sentence about the product, with the RFC's section where it covers a MUST. */
  readonly title: string;
  /** Where it needs what not every backend has: whether these two have it. A case that does not apply is not registered. */
  applies?(roles: Roles): boolean;
  /** Throws (by vitest's `expect`) when the promise is broken. */
  run(roles: Roles): Promise<void> | void;
}

/** Both roles claim this feature. */
export function bothHave(feature: Feature): (roles: Roles) => boolean {
  return ({ client, server }) =>
    client.capabilities.client.features[feature] && server.capabilities.server.features[feature];
}

/** Both roles claim this protocol. */
export function bothSpeak(protocol: ProtocolVersion): (roles: Roles) => boolean {
  return ({ client, server }) =>
    client.capabilities.client.protocols.includes(protocol) && server.capabilities.server.protocols.includes(protocol);
}

/** What both roles claim of a list, in the client's order. */
export function common(
  { client, server }: Roles,
  list: 'cipherSuites' | 'groups' | 'signatureSchemes' | 'protocols',
): readonly string[] {
  const others: readonly string[] = server.capabilities.server[list];
  return client.capabilities.client[list].filter((name) => others.includes(name));
}
