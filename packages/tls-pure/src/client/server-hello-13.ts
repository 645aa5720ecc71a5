import { TlsError } from '@org/tls-core';
import type { CipherSuite13, NamedGroup } from '@org/tls-crypto';
import { settle, type Handshake } from '../handshake/steps.ts';
import { ExtensionType, refuseUnsolicited } from '../wire/extension.ts';
import { decodeServerKeyShare } from '../wire/extensions/key-share.ts';
import { decodeSelectedPsk } from '../wire/extensions/pre-shared-key.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import type { ServerHello } from '../wire/messages/server-hello.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { OfferedPsk } from './offered-psk.ts';

/**
 * Checks a ServerHello or HelloRetryRequest of TLS 1.3 against the ClientHello that it answers (RFC 8446 §4.1.3, §4.1.4).
 * @param retrySuite the suite that a HelloRetryRequest before it named; `undefined`: there was none
 */
export function checkServerHello13(
  hello: ClientHelloState,
  serverHello: ServerHello,
  retrySuite: CipherSuite13 | undefined,
): void {
  const { isHelloRetryRequest } = serverHello;
  if (serverHello.legacyVersion !== WireVersion.tls12)
    throw illegalParameter('ServerHello: legacy_version is not 0x0303 (§4.1.3)');
  const carrier = isHelloRetryRequest ? 'HelloRetryRequest' : 'ServerHello';
  // §4.1.4: the cookie is the one extension that comes unasked
  const allowed = isHelloRetryRequest ? new Set([...hello.offered, ExtensionType.cookie]) : hello.offered;
  refuseUnsolicited(serverHello.extensions, allowed, carrier);
  if (retrySuite === undefined) return;
  if (isHelloRetryRequest) throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', 'a second HelloRetryRequest (§4.1.4)');
  if (serverHello.cipherSuite !== retrySuite.id)
    throw illegalParameter('ServerHello: not the cipher suite of the HelloRetryRequest (§4.1.4)');
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a suite that was not offered (RFC 8446 §4.1.3) */
export function suiteOf({ cipherSuites13 }: ClientSettings, { cipherSuite }: ServerHello): CipherSuite13 {
  const suite = cipherSuites13.find(({ id }) => id === cipherSuite);
  if (suite === undefined)
    throw illegalParameter(`ServerHello: cipher suite 0x${cipherSuite.toString(16)} was not offered (§4.1.3)`);
  return suite;
}

/**
 * The PSK that the server chose; `undefined`: it goes by its certificate.
 * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on an index that was not offered, or a PSK of another hash (RFC 8446 §4.2.11)
 */
export function selectedPsk(
  { psks }: ClientHelloState,
  { extensions }: ServerHello,
  suite: CipherSuite13,
): OfferedPsk | undefined {
  const body = extensions.get(ExtensionType.preSharedKey);
  if (body === undefined) return undefined;
  const index = decodeSelectedPsk(body);
  const psk = psks[index];
  if (psk === undefined) throw illegalParameter(`ServerHello: pre_shared_key ${index} was not offered`);
  if (psk.suite.hash !== suite.hash) throw illegalParameter('ServerHello: pre_shared_key belongs to another hash');
  return psk;
}

/** The secret of the key exchange, with the group that it is in; the secret is the caller's to wipe. */
export interface AgreedSecret {
  readonly group: NamedGroup;
  readonly sharedSecret: Uint8Array;
}

/**
 * Derives the shared secret from the server's share and ours (RFC 8446 §4.2.8).
 * @throws TlsError `ERR_TLS_MISSING_EXTENSION` without a share, `ERR_TLS_ILLEGAL_PARAMETER` on a share of a group that we sent none of
 */
export function* agreeOnSecret(hello: ClientHelloState, { extensions }: ServerHello): Handshake<AgreedSecret> {
  const body = extensions.get(ExtensionType.keyShare);
  // with a PSK a ServerHello without a share would mean psk_ke, which is never offered
  if (body === undefined) throw new TlsError('ERR_TLS_MISSING_EXTENSION', 'ServerHello: no key_share (§9.2)');
  const { group, keyExchange } = decodeServerKeyShare(body);
  const share = hello.keyShares.find((each) => each.group.id === group);
  if (share === undefined)
    throw illegalParameter(`ServerHello: key_share of group ${group}, to which no share was sent (§4.2.8)`);
  return { group: share.group, sharedSecret: yield* settle(share.keyShare.deriveSharedSecret(keyExchange)) };
}
