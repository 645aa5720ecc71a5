import { TlsError } from '@org/tls-core';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { decodeAll, decodeError, Writer } from '@org/tls-core/backend';
import type { HpkeSymmetricCipherSuite } from './hpke.ts';

/** `ECHClientHelloType` (RFC 9849 §5). */
export const EchClientHelloType = { outer: 0, inner: 1 } as const;

/** `encrypted_client_hello` of a ClientHelloOuter (RFC 9849 §5). */
export interface EchClientHelloOuter {
  readonly type: 'outer';
  readonly cipherSuite: HpkeSymmetricCipherSuite;
  readonly configId: number;
  /** Empty in a second ClientHello. */
  readonly enc: Uint8Array;
  /** 1 to 65535 bytes; a decoder's is a view. */
  readonly payload: Uint8Array;
}

/** `encrypted_client_hello` of a ClientHello. */
export type EchClientHello = EchClientHelloOuter | { readonly type: 'inner' };

/** Marks a ClientHelloInner (RFC 9849 §5). */
export const innerEchExtension: Extension = {
  type: ExtensionType.encryptedClientHello,
  body: Uint8Array.of(EchClientHelloType.inner),
};

/** `encrypted_client_hello` of a ClientHelloOuter; the payload is its end. */
export function encodeOuterEch({ cipherSuite, configId, enc, payload }: Omit<EchClientHelloOuter, 'type'>): Extension {
  const body = new Writer(10 + enc.length + payload.length)
    .uint8(EchClientHelloType.outer)
    .uint16(cipherSuite.kdfId)
    .uint16(cipherSuite.aeadId)
    .uint8(configId)
    .vector16((each) => each.bytes(enc))
    .vector16((each) => each.bytes(payload))
    .finish();
  return { type: ExtensionType.encryptedClientHello, body };
}

/** @throws TlsError `ERR_TLS_DECODE` on bad syntax, `ERR_TLS_ILLEGAL_PARAMETER` on a type that is neither inner nor outer (RFC 9849 §7) */
export function decodeEchClientHello(body: Uint8Array): EchClientHello {
  return decodeAll(body, 'encrypted_client_hello', (reader): EchClientHello => {
    const type = reader.uint8();
    if (type === EchClientHelloType.inner) return { type: 'inner' };
    if (type !== EchClientHelloType.outer) {
      throw new TlsError(
        'ERR_TLS_ILLEGAL_PARAMETER',
        `encrypted_client_hello: type ${type} is neither outer nor inner`,
      );
    }
    return {
      type: 'outer',
      cipherSuite: { kdfId: reader.uint16(), aeadId: reader.uint16() },
      configId: reader.uint8(),
      enc: reader.vector16(),
      payload: reader.vector16(1),
    };
  });
}

/** Bytes of an acceptance confirmation (RFC 9849 §5, §7.2). */
export const confirmationLength = 8;

/** `encrypted_client_hello` of a HelloRetryRequest, its confirmation still zeros (RFC 9849 §7.2.1). */
export const unconfirmedHelloRetryEch: Extension = {
  type: ExtensionType.encryptedClientHello,
  body: new Uint8Array(confirmationLength),
};

/**
 * `encrypted_client_hello` of a HelloRetryRequest (RFC 9849 §5).
 * @returns a view
 * @throws TlsError `ERR_TLS_DECODE` unless it is 8 bytes
 */
export function decodeHelloRetryEch(body: Uint8Array): Uint8Array {
  if (body.length !== confirmationLength) {
    throw decodeError(`encrypted_client_hello: expected ${confirmationLength} bytes, got ${body.length}`);
  }
  return body;
}
