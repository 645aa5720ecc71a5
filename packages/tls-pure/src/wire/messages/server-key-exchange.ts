import { concatBytes, decodeAll, Writer } from '@org/tls-core/backend';
import { encodeHandshake, HandshakeType } from '../handshake-message.ts';
import type { HelloRandoms } from './hello-randoms.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** `ECCurveType.named_curve`, the only one that is left (RFC 8422 §5.4). */
const namedCurveType = 3;

/** `ServerECDHParams` (RFC 8422 §5.4). */
export interface ServerEcdhParams {
  /** A group's number, as in `supported_groups`. */
  readonly namedCurve: number;
  /** 1 to 255 bytes: an uncompressed point, or 32 bytes of X25519 (RFC 8422 §5.4, §5.11). */
  readonly publicKey: Uint8Array;
}

/** ServerKeyExchange with ECDHE (RFC 8422 §5.4). */
export interface ServerKeyExchange extends ServerEcdhParams {
  /** The encoded `ServerECDHParams`, which are signed. */
  readonly params: Uint8Array;
  /** The signature scheme's number: `SignatureAndHashAlgorithm` (RFC 5246 §4.7). */
  readonly algorithm: number;
  readonly signature: Uint8Array;
}

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` on a curve that is not named (RFC 8422 §5.4) */
export function decodeServerKeyExchange(body: Uint8Array): ServerKeyExchange {
  return decodeAll(body, 'ServerKeyExchange', (reader) => {
    const curveType = reader.uint8();
    if (curveType !== namedCurveType) {
      throw illegalParameter(`ServerKeyExchange: curve_type is ${curveType}, not named_curve`);
    }
    const namedCurve = reader.uint16();
    const publicKey = reader.vector8(1);
    const params = body.subarray(0, body.length - reader.remaining);
    return { namedCurve, publicKey, params, algorithm: reader.uint16(), signature: reader.vector16() };
  });
}

export function encodeServerKeyExchange({
  params,
  algorithm,
  signature,
}: Pick<ServerKeyExchange, 'params' | 'algorithm' | 'signature'>): Uint8Array {
  return encodeHandshake(HandshakeType.serverKeyExchange, (body) => {
    body.bytes(params);
    body.uint16(algorithm).vector16(() => body.bytes(signature));
  });
}

/** The `params` of a ServerKeyExchange. */
export function encodeServerEcdhParams({ namedCurve, publicKey }: ServerEcdhParams): Uint8Array {
  return new Writer(4 + publicKey.length)
    .uint8(namedCurveType)
    .uint16(namedCurve)
    .vector8((point) => point.bytes(publicKey))
    .finish();
}

/** What a ServerKeyExchange signs: client_random + server_random + params (RFC 8422 §5.4). */
export function signedParams({ client, server }: HelloRandoms, params: Uint8Array): Uint8Array {
  return concatBytes([client, server, params]);
}
