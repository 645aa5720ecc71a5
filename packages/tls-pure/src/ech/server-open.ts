import { isTlsError, TlsError } from '@org/tls-core';
import type { CryptoProvider } from '@org/tls-crypto';
import { ExtensionType } from '../wire/extension.ts';
import { handshakeHeaderLength } from '../wire/handshake-message.ts';
import type { ClientHello } from '../wire/messages/client-hello.ts';
import { decodeClientHelloInner, outerAdditionalData } from './client-hello-inner.ts';
import { hpkeInfo } from './ech-config.ts';
import { decodeEchClientHello, type EchClientHelloOuter } from './extension.ts';
import { setupReceiver, type HpkeReceiver } from './hpke.ts';
import type { EchServerKey } from './keys.ts';

/** A ClientHelloOuter as it came. */
export interface ReceivedClientHello {
  /** Decoded from `raw`: its extensions are views of it. */
  readonly hello: ClientHello;
  /** The whole message. */
  readonly raw: Uint8Array;
}

/** ECH that was accepted. */
export interface OpenedEch {
  /** The whole message; in the transcript and for all choices it takes the place of the ClientHelloOuter. */
  readonly clientHelloInner: Uint8Array;
  /**
   * Opens the ClientHelloOuter behind a HelloRetryRequest (RFC 9849 §7.1.1).
   * @returns the second ClientHelloInner, the whole message
   * @throws TlsError by rejection: `ERR_TLS_MISSING_EXTENSION` without ECH, `ERR_TLS_ILLEGAL_PARAMETER` when it is not that of the first,
   * `ERR_TLS_DECRYPT` when it does not open
   */
  openSecond(second: ReceivedClientHello): Promise<Uint8Array>;
}

/**
 * Opens a ClientHelloOuter (RFC 9849 §7.1).
 * @param keys all that have the config id are tried
 * @param ech its extension, decoded
 * @returns `undefined` when none opens it: ECH is rejected, and the ClientHelloOuter is what counts
 * @throws TlsError `ERR_TLS_DECODE` or `ERR_TLS_ILLEGAL_PARAMETER`, by rejection, when what it opens to is not a ClientHelloInner
 */
export async function openClientHello(
  crypto: CryptoProvider,
  keys: readonly EchServerKey[],
  outer: ReceivedClientHello,
  ech: EchClientHelloOuter,
): Promise<OpenedEch | undefined> {
  for (const key of keys) {
    if (!isOffered(key, ech)) continue;
    // one after the other: hardly ever do two keys share an id
    const tried = await tryKey(crypto, key, outer, ech);
    if (tried === undefined) continue;
    return {
      clientHelloInner: decodeClientHelloInner(tried.encoded, outer.hello),
      openSecond: async (second) => openSecond(tried.receiver, ech, second),
    };
  }
  return undefined;
}

function isOffered({ config }: EchServerKey, { configId, cipherSuite }: EchClientHelloOuter): boolean {
  return (
    config.configId === configId &&
    config.cipherSuites.some(({ kdfId, aeadId }) => kdfId === cipherSuite.kdfId && aeadId === cipherSuite.aeadId)
  );
}

interface Opened {
  readonly receiver: HpkeReceiver;
  readonly encoded: Uint8Array;
}

/** @returns `undefined` when it is sealed with another key, or is a decoy (RFC 9849 §6.2) */
async function tryKey(
  crypto: CryptoProvider,
  { config, privateKey }: EchServerKey,
  outer: ReceivedClientHello,
  { cipherSuite, enc, payload }: EchClientHelloOuter,
): Promise<Opened | undefined> {
  try {
    const suite = { kemId: config.kemId, ...cipherSuite };
    const receiver = await setupReceiver(crypto, suite, privateKey, enc, hpkeInfo(config));
    return { receiver, encoded: await receiver.open(additionalDataOf(outer, payload), payload) };
  } catch (error) {
    if (isTlsError(error) && error.code === 'ERR_TLS_DECRYPT') return undefined;
    throw error;
  }
}

async function openSecond(
  receiver: HpkeReceiver,
  first: EchClientHelloOuter,
  outer: ReceivedClientHello,
): Promise<Uint8Array> {
  const body = outer.hello.extensions.get(ExtensionType.encryptedClientHello);
  if (body === undefined) {
    throw new TlsError(
      'ERR_TLS_MISSING_EXTENSION',
      'ClientHello: no encrypted_client_hello after the HelloRetryRequest',
    );
  }
  const ech = decodeEchClientHello(body);
  const isSame =
    ech.type === 'outer' &&
    ech.configId === first.configId &&
    ech.cipherSuite.kdfId === first.cipherSuite.kdfId &&
    ech.cipherSuite.aeadId === first.cipherSuite.aeadId &&
    ech.enc.length === 0;
  if (!isSame) {
    throw new TlsError(
      'ERR_TLS_ILLEGAL_PARAMETER',
      'encrypted_client_hello: another config or key after the HelloRetryRequest (RFC 9849 §7.1.1)',
    );
  }
  const encoded = await receiver.open(additionalDataOf(outer, ech.payload), ech.payload);
  return decodeClientHelloInner(encoded, outer.hello);
}

function additionalDataOf({ raw }: ReceivedClientHello, payload: Uint8Array): Uint8Array {
  return outerAdditionalData(raw.subarray(handshakeHeaderLength), payload);
}
