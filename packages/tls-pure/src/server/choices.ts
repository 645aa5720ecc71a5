import { TlsError, type ClientHelloInfo } from '@org/tls-core';
import { equalBytes } from '../crypto/bytes.ts';
import type { CipherSuite } from '../crypto/cipher-suites.ts';
import type { NamedGroup } from '../crypto/named-groups.ts';
import type { SignatureScheme } from '../crypto/signature-schemes.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import type { LoadedIdentity } from '../x509/identity.ts';
import type { ClientHelloMessage } from './client-hello-checks.ts';
import type { ServerSettings } from './server-settings.ts';

/** Our order decides, but that a client without AES hardware, who puts ChaCha20-Poly1305 first, gets it. */
export function chooseCipherSuite({ cipherSuites }: ServerSettings, hello: ClientHelloMessage): CipherSuite {
  const common = cipherSuites.filter(({ id }) => hello.cipherSuites.includes(id));
  const clientFirst = hello.cipherSuites.find((id) => common.some((suite) => suite.id === id));
  const chaCha = common.find(({ id, aead }) => id === clientFirst && aead === 'chacha20-poly1305');
  const suite = chaCha ?? common[0];
  if (suite === undefined) throw nothingInCommon('cipher suite');
  return suite;
}

/** The first of ours for which the client sent a share; else the first that it supports, by a HelloRetryRequest (RFC 8446 §4.1.1). */
export function chooseGroup(
  { groups }: ServerSettings,
  hello: ClientHelloMessage,
): { group: NamedGroup; needsRetry: boolean } {
  const common = groups.filter(({ id }) => hello.supportedGroups.includes(id));
  const shared = common.find(({ id }) => hello.keyShares.some((share) => share.group === id));
  const group = shared ?? common[0];
  if (group === undefined) throw nothingInCommon('key exchange group');
  return { group, needsRetry: shared === undefined };
}

/**
 * The first of our protocols that the client offers. A server without any takes no part in ALPN.
 * @throws TlsError `ERR_TLS_NO_APPLICATION_PROTOCOL` when both have some and none in common (RFC 7301 §3.2)
 */
export function chooseAlpn({ alpnProtocols }: ServerSettings, hello: ClientHelloMessage): Uint8Array | undefined {
  const offered = hello.alpnProtocols;
  if (offered === undefined || alpnProtocols.length === 0) return undefined;
  const chosen = alpnProtocols.find((ours) => offered.some((theirs) => equalBytes(ours, theirs)));
  if (chosen === undefined)
    throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL', 'the client offers no protocol that this server speaks');
  return chosen;
}

/** An identity, and the scheme it signs with. */
export interface ChosenIdentity {
  readonly identity: LoadedIdentity;
  readonly scheme: SignatureScheme;
}

/**
 * The hook's choice, else the first identity that can sign with a scheme the client accepts (RFC 8446 §4.4.2.2).
 * @throws TlsError `ERR_TLS_UNRECOGNIZED_NAME` when the hook has none, `ERR_TLS_NO_COMMON_PARAMETERS` when no scheme fits
 */
export function* chooseIdentity(
  settings: ServerSettings,
  hello: ClientHelloMessage,
  info: ClientHelloInfo,
): Handshake<ChosenIdentity> {
  for (const pending of yield* candidates(settings, info)) {
    const identity = yield* settle(pending);
    const scheme = identity.signatureSchemes.find(
      ({ id, tls13 }) =>
        tls13 && hello.signatureAlgorithms.includes(id) && settings.signatureSchemes.some((row) => row.id === id),
    );
    if (scheme !== undefined) return { identity, scheme };
  }
  throw nothingInCommon('signature scheme');
}

function* candidates(settings: ServerSettings, info: ClientHelloInfo): Handshake<ServerSettings['identities']> {
  const { selectIdentity } = settings;
  if (selectIdentity === undefined) return settings.identities;
  const selected = yield* runHook('selectIdentity', () => selectIdentity(info));
  if (selected === undefined)
    throw new TlsError('ERR_TLS_UNRECOGNIZED_NAME', 'the hook `selectIdentity` has no identity for this ClientHello');
  return [settings.loadIdentity(selected)];
}

function nothingInCommon(what: string): TlsError {
  return new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', `the client and this server have no ${what} in common`);
}
