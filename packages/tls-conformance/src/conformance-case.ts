import type { ConnectionInfo, Feature, ProtocolVersion, TlsBackend } from '@org/tls-core';
import type { FixtureName } from './fixtures.ts';

/** The backends that a case is run with. One backend may play both roles. */
export interface Roles {
  readonly client: TlsBackend;
  readonly server: TlsBackend;
  /** The certificate of the server where a case does not care. Default: `ecdsa-p256`. */
  readonly certificate?: FixtureName;
  /** What one of the two backends cannot report about a connection, so that both need not report the same. */
  readonly untold?: readonly (keyof ConnectionInfo)[];
}

/** One thing that the contract promises. */
export interface ConformanceCase {
  /** The name of the case, which never changes: deviations are named by it. */
  readonly id: string;
  /** A sentence about the product, with the RFC's section where it covers a MUST. */
  readonly title: string;
  /** Tells whether these two have what the case needs, where not every backend has it. A case that does not apply is not registered. */
  applies?(roles: Roles): boolean;
  /** Runs the case. It throws when the promise is broken. */
  run(roles: Roles): Promise<void> | void;
}

/**
 * Tells whether the server signs with ECDSA. Where its certificate is for RSA, no other kind of key is asked of it: a case that needs an ECDSA
 * signature does not apply, and every other one has a certificate for RSA.
 */
export function signsWithEcdsa({ certificate = 'ecdsa-p256' }: Roles): boolean {
  return !certificate.startsWith('rsa');
}

/** Tells whether both roles claim this feature. */
export function bothHave(feature: Feature): (roles: Roles) => boolean {
  return ({ client, server }) =>
    client.capabilities.client.features[feature] && server.capabilities.server.features[feature];
}

/** Tells whether both roles claim this option. */
export function bothHaveOption(option: string): (roles: Roles) => boolean {
  return ({ client, server }) =>
    client.capabilities.client.options.includes(option) && server.capabilities.server.options.includes(option);
}

/** Tells whether both roles claim this protocol. */
export function bothSpeak(protocol: ProtocolVersion): (roles: Roles) => boolean {
  return ({ client, server }) =>
    client.capabilities.client.protocols.includes(protocol) && server.capabilities.server.protocols.includes(protocol);
}

/** Gives what both roles claim of a list, in the client's order. */
export function common(
  { client, server }: Roles,
  list: 'cipherSuites' | 'groups' | 'signatureSchemes' | 'protocols',
): readonly string[] {
  const others: readonly string[] = server.capabilities.server[list];
  return client.capabilities.client[list].filter((name) => others.includes(name));
}
