import { SSL_OP_NO_TLSv1_2, SSL_OP_NO_TLSv1_3 } from './secure-options.ts';
import { TlsError, protocolVersions, type ProtocolVersion } from '@org/tls-core';
import { tlsDefaults } from './tls-defaults.ts';

/** The options that bound the version. Node has judged them. */
export interface VersionOptions {
  readonly minVersion?: string | null | undefined;
  readonly maxVersion?: string | null | undefined;
  readonly secureProtocol?: string | null | undefined;
  readonly secureOptions?: number | null | undefined;
}

const order = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type AnyVersion = (typeof order)[number];

/**
 * Reads the versions that a context speaks, the lowest first. A bound below TLS 1.2 only asks for less security than there is, so a minimum
 * below it is met; a maximum below it cannot be.
 * @returns nothing where the bounds exclude each other, which is an error of the handshake in Node
 * @throws TlsError `ERR_TLS_UNSUPPORTED` when nothing above TLS 1.1 is allowed
 */
export function chooseVersions(options: VersionOptions): readonly ProtocolVersion[] {
  const [min, max] = boundsOf(options);
  if (order.indexOf(max) < order.indexOf('TLSv1.2')) {
    const option = typeof options.secureProtocol === 'string' ? 'secureProtocol' : 'maxVersion';
    throw new TlsError('ERR_TLS_UNSUPPORTED', `${option}: ${max} is not spoken, only TLSv1.2 and TLSv1.3 are`, {
      option,
    });
  }
  const turnedOff = options.secureOptions ?? 0;
  return protocolVersions.filter(
    (version) =>
      order.indexOf(version) >= order.indexOf(min) &&
      order.indexOf(version) <= order.indexOf(max) &&
      (turnedOff & (version === 'TLSv1.2' ? SSL_OP_NO_TLSv1_2 : SSL_OP_NO_TLSv1_3)) === 0,
  );
}

function boundsOf({ minVersion, maxVersion, secureProtocol }: VersionOptions): readonly [AnyVersion, AnyVersion] {
  const defaults = [tlsDefaults.DEFAULT_MIN_VERSION, tlsDefaults.DEFAULT_MAX_VERSION] as const;
  const asked = [versionOf(minVersion ?? defaults[0]), versionOf(maxVersion ?? defaults[1])] as const;
  if (typeof secureProtocol !== 'string' || secureProtocol === '') return asked;
  const method = secureProtocol.replace(/_(?:client|server)?_?method$/u, '');
  if (method === 'TLS') return ['TLSv1', 'TLSv1.3'];
  // Node's meaning of the method whose name once meant all versions
  if (method === 'SSLv23') return [asked[0], 'TLSv1.2'];
  const only = versionOf(method.replace('_', '.'));
  return [only, only];
}

function versionOf(text: string): AnyVersion {
  return order.find((version) => version === text) ?? 'TLSv1.2';
}
