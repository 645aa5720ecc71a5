import { TlsError, type CertificateType, type SelectClientIdentity, type SessionStore } from '@org/tls-core';
import type { CheckedClientConfig } from '@org/tls-core/backend';
import type { NamedGroup } from '@org/tls-crypto';
import type { CommonSettings } from '../handshake/settings.ts';
import type { EchAnswers } from './ech-answers.ts';

/** A client's checked configuration in the engine's terms, shared by all connections of a context. */
export interface ClientSettings extends CommonSettings {
  readonly config: CheckedClientConfig;
  /** `undefined`: the client has no Encrypted Client Hello. */
  readonly ech: EchAnswers | undefined;
  /** Not read from `config`: a server that rejected Encrypted Client Hello gets no identity. */
  readonly selectIdentity: SelectClientIdentity | undefined;
  /** Not read from `config`: no session of such a server is kept. */
  readonly sessionStore: SessionStore | undefined;
  /** The groups to send a share of. */
  readonly keyShareGroups: readonly NamedGroup[];
  /** What the client can prove itself with, in order of preference (RFC 7250). */
  readonly clientCertificateTypes: readonly CertificateType[];
}

export function clientSettings(
  common: CommonSettings,
  config: CheckedClientConfig,
  ech: EchAnswers | undefined,
): ClientSettings {
  return {
    ...common,
    config,
    ech,
    selectIdentity: config.selectIdentity,
    sessionStore: config.sessionStore,
    keyShareGroups:
      config.keyShares === undefined
        ? defaultKeyShares(common.groups)
        : chooseKeyShares(common.groups, config.keyShares),
    clientCertificateTypes: typesOf(config),
  };
}

/** Whether the handshake looks like one of TLS 1.2 to the boxes on its way (RFC 8446 §D.4). */
export function isMiddleboxCompatible({ overrides }: ClientSettings): boolean {
  return overrides.middleboxCompatibility ?? true;
}

/**
 * The first group, and the first of the other kind, post-quantum or not. A share costs less than a round trip, and not every server knows
 * the new groups.
 */
function defaultKeyShares(groups: readonly NamedGroup[]): readonly NamedGroup[] {
  const [first] = groups;
  if (first === undefined) return [];
  const other = groups.find(({ isPostQuantum }) => isPostQuantum !== first.isPostQuantum);
  return other === undefined ? [first] : [first, other];
}

/** @throws TlsError `ERR_TLS_CONFIG` on a group that is not offered (RFC 8446 §4.2.8) */
function chooseKeyShares(groups: readonly NamedGroup[], names: readonly string[]): readonly NamedGroup[] {
  return names.map((name) => {
    const group = groups.find((offered) => offered.name === name);
    if (group !== undefined) return group;
    const expected = groups.map((offered) => offered.name).join(', ');
    throw new TlsError(
      'ERR_TLS_CONFIG',
      `keyShares: expected of the groups that are offered (${expected}), got ${name}`,
      {
        option: 'keyShares',
      },
    );
  });
}

function typesOf({ identity = [], certificateTypes }: CheckedClientConfig): readonly CertificateType[] {
  if (certificateTypes !== undefined) return certificateTypes;
  const types = [identity]
    .flat()
    .map(({ rawPublicKey }): CertificateType => (rawPublicKey === undefined ? 'X509' : 'RawPublicKey'));
  return types.length === 0 ? ['X509'] : [...new Set(types)];
}
