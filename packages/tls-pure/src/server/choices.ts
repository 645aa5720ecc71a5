import { TlsError, type CertificateType } from '@org/tls-core';
import { ByteStringList } from '@org/tls-core/backend';
import type { CipherSuite13, NamedGroup, AeadAlgorithm, SignatureScheme } from '@org/tls-crypto';
import { chooseFromHook, chooseIdentity, type ChosenIdentity } from '../handshake/choose-identity.ts';
import { runHook, type Handshake } from '../handshake/steps.ts';
import type { LoadedIdentity } from '../handshake/identity.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { certificateAuthorities } from '../wire/extensions/certificate-authorities.ts';
import { clientCertificateType, serverCertificateType } from '../wire/extensions/certificate-types.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { helloInfo, type ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

/**
 * The suites in common, best first: our order decides, but that a client without AES hardware, who puts ChaCha20-Poly1305 first, gets
 * it.
 */
export function commonSuites<Suite extends { readonly id: number; readonly aead: AeadAlgorithm }>(
  ours: readonly Suite[],
  theirs: Uint16Array,
): readonly Suite[] {
  const common = ours.filter(({ id }) => theirs.includes(id));
  const clientFirst = theirs.find((id) => common.some((suite) => suite.id === id));
  const isFirst = ({ id, aead }: Suite): boolean => id === clientFirst && aead === 'chacha20-poly1305';
  return [...common.filter(isFirst), ...common.filter((suite) => !isFirst(suite))];
}

/** @throws TlsError `ERR_TLS_NO_COMMON_PARAMETERS` */
export function chooseCipherSuite({ cipherSuites13 }: ServerSettings, hello: ClientHelloMessage): CipherSuite13 {
  const [suite] = commonSuites(cipherSuites13, hello.cipherSuites);
  if (suite === undefined) throw nothingInCommon('cipher suite');
  return suite;
}

/** The group of a handshake, and whether the client must be asked for a share of it first. */
export interface GroupChoice {
  readonly group: NamedGroup;
  readonly needsRetry: boolean;
}

/**
 * The first of ours for which the client sent a share; else the first that it supports, by a HelloRetryRequest (RFC 8446 §4.1.1). A
 * post-quantum group that the client supports and that stands before the shared one is worth the round trip: what is recorded today
 * may be opened later.
 * @throws TlsError `ERR_TLS_NO_COMMON_PARAMETERS` when no group is in common
 */
export function chooseGroup({ groups, config }: ServerSettings, hello: ClientHello13): GroupChoice {
  const common = groups.filter(({ id }) => hello.supportedGroups.includes(id));
  const shared = common.find(({ id }) => hello.keyShares.has(id));
  const [first] = common;
  if (first === undefined) throw nothingInCommon('key exchange group');
  if (shared === undefined) return { group: first, needsRetry: true };
  const isProtected = shared.isPostQuantum || !config.postQuantumRetry;
  const better = isProtected ? undefined : common.slice(0, common.indexOf(shared)).find((each) => each.isPostQuantum);
  return better === undefined ? { group: shared, needsRetry: false } : { group: better, needsRetry: true };
}

/**
 * The first of our protocols that the client offers. A server without any takes no part in ALPN.
 * @throws TlsError `ERR_TLS_NO_APPLICATION_PROTOCOL` when both have some and none in common (RFC 7301 §3.2)
 */
export function chooseAlpn({ alpnProtocols }: ServerSettings, hello: ClientHelloMessage): Uint8Array | undefined {
  const offered = hello.value(alpn);
  if (offered === undefined || alpnProtocols.length === 0) return undefined;
  const chosen = alpnProtocols.find((ours) => offered.includes(ours));
  if (chosen === undefined)
    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL', 'the client offers no protocol that this server speaks');
  return chosen;
}

/**
 * The hook's choice, else the first identity that can sign with a scheme the client accepts (RFC 8446 §4.4.2.2).
 * @param accepts by the rules of the version
 * @throws TlsError `ERR_TLS_UNRECOGNIZED_NAME` when the hook has none, `ERR_TLS_NO_COMMON_PARAMETERS` when none fits
 */
export function* chooseServerIdentity(
  settings: ServerSettings,
  hello: ClientHelloMessage,
  accepts: (scheme: SignatureScheme, identity: LoadedIdentity) => boolean,
): Handshake<ChosenIdentity> {
  const certificateTypes = hello.value(serverCertificateType) ?? onlyX509;
  const authorities = hello.value(certificateAuthorities) ?? ByteStringList.empty;
  const wishes = { certificateTypes, certificateAuthorities: authorities, accepts };
  const { selectIdentity } = settings.config;
  if (selectIdentity === undefined) {
    const chosen = yield* chooseIdentity(settings.identities, wishes);
    if (chosen === undefined) throw nothingInCommon('identity and signature scheme');
    return chosen;
  }
  const info = helloInfo(hello);
  const selected = yield* runHook('selectIdentity', () => selectIdentity(info));
  if (selected === undefined)
    throw new TlsError('ERR_TLS_UNRECOGNIZED_NAME', 'the hook `selectIdentity` has no identity for this ClientHello');
  const chosen = yield* chooseFromHook(selected.map(settings.loadIdentity), wishes);
  if (chosen === undefined) throw nothingInCommon('signature scheme');
  return chosen;
}

/** RFC 7250 §4.1: what a client means that does not send the extension. */
const onlyX509: readonly CertificateType[] = ['X509'];

/**
 * What the client shall prove itself with (RFC 7250 §4.2).
 * @throws TlsError `ERR_TLS_CERTIFICATE_UNSUPPORTED` when nothing is in common
 */
export function chooseClientCertificateType({ config }: ServerSettings, hello: ClientHelloMessage): CertificateType {
  const offered = hello.value(clientCertificateType) ?? onlyX509;
  const chosen = config.peerCertificateTypes.find((type) => offered.includes(type));
  if (chosen === undefined)
    throw new TlsError('ERR_TLS_CERTIFICATE_UNSUPPORTED', 'the client has no type of certificate that is accepted');
  return chosen;
}

export function nothingInCommon(what: string): TlsError {
  return new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', `the client and this server have no ${what} in common`);
}
