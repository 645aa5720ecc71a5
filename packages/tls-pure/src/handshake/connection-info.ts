import type { ConnectionInfo, ExternalPsk } from '@org/tls-core';
import { decodeAlpnProtocol } from '@org/tls-core/backend';
import type { NamedGroup } from '@org/tls-crypto';
import type { SessionState } from '../session/session-state.ts';
import type { CommonSettings } from './settings.ts';

/** Who has proved to be whom, and by which signatures. */
export type Authentication = Pick<
  ConnectionInfo,
  'signatureScheme' | 'clientSignatureScheme' | 'peer' | 'clientAuthentication' | 'identityIndex'
>;

/** What was proved in the handshake in which the session was made. */
export function authenticationOf(session: SessionState): Authentication {
  const { signatureScheme, clientSignatureScheme, peer, clientAuthentication } = session;
  return { signatureScheme, clientSignatureScheme, peer, clientAuthentication, identityIndex: undefined };
}

/** What a handshake of either version has agreed on. */
interface Agreement {
  readonly role: 'client' | 'server';
  readonly suite: { readonly name: string };
  readonly alpnProtocol: Uint8Array | undefined;
  readonly serverName: string | undefined;
  readonly authentication: Authentication;
}

/** What a handshake of TLS 1.2 has agreed on. */
export interface Agreement12 extends Agreement {
  /** IANA's name. */
  readonly group: string | undefined;
  readonly resumed: boolean;
  readonly extendedMainSecret: boolean;
}

/** What a handshake of TLS 1.3 has agreed on. */
export interface Agreement13 extends Agreement, Pick<ConnectionInfo, 'earlyData' | 'earlyDataReason' | 'ech'> {
  readonly group: NamedGroup;
  /** What stands behind the PSK that the handshake went by, if it went by one: a session, an external key, or both. */
  readonly psk: { readonly session: SessionState | undefined; readonly external: ExternalPsk | undefined } | undefined;
  readonly isRetry: boolean;
}

export function connectionInfo12(settings: CommonSettings, agreement: Agreement12): ConnectionInfo {
  const { group, resumed, extendedMainSecret } = agreement;
  return described(settings, agreement, {
    protocol: 'TLSv1.2',
    group,
    resumed,
    helloRetryRequest: false,
    earlyData: 'none',
    earlyDataReason: 'protocolVersion',
    ech: 'none',
    extendedMainSecret,
    externalPskIdentity: undefined,
  });
}

export function connectionInfo13(settings: CommonSettings, agreement: Agreement13): ConnectionInfo {
  const { group, psk, isRetry, earlyData, earlyDataReason, ech } = agreement;
  return described(settings, agreement, {
    protocol: 'TLSv1.3',
    group: group.name,
    resumed: psk?.session !== undefined,
    helloRetryRequest: isRetry,
    earlyData,
    earlyDataReason,
    ech,
    extendedMainSecret: true,
    externalPskIdentity: psk?.external?.identity,
  });
}

type OfOneVersion = Omit<
  ConnectionInfo,
  keyof Authentication | 'backend' | 'implementation' | 'role' | 'cipherSuite' | 'alpnProtocol' | 'serverName'
>;

/** Each field is written by its name, because spreads of several objects take longer than all else that is done here. */
function described(
  settings: CommonSettings,
  { role, suite, alpnProtocol, serverName, authentication }: Agreement,
  version: OfOneVersion,
): ConnectionInfo {
  return Object.freeze({
    backend: settings.backend,
    implementation: settings.crypto.name,
    role,
    cipherSuite: suite.name,
    alpnProtocol: alpnProtocol === undefined ? undefined : decodeAlpnProtocol(alpnProtocol),
    serverName,
    signatureScheme: authentication.signatureScheme,
    clientSignatureScheme: authentication.clientSignatureScheme,
    peer: authentication.peer,
    clientAuthentication: authentication.clientAuthentication,
    identityIndex: authentication.identityIndex,
    protocol: version.protocol,
    group: version.group,
    resumed: version.resumed,
    helloRetryRequest: version.helloRetryRequest,
    earlyData: version.earlyData,
    earlyDataReason: version.earlyDataReason,
    ech: version.ech,
    extendedMainSecret: version.extendedMainSecret,
    externalPskIdentity: version.externalPskIdentity,
  });
}
