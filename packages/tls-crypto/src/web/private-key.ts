import { copyBytes } from '@org/tls-core/backend';
import { uncompressedPoint } from '../key-exchange.ts';
import { importNoblePrivateKey } from '../noble/signatures.ts';
import { assertKeyFitsAlgorithm } from '../provider-rules/key-use.ts';
import type { Curve, PrivateKey, PrivateKeyInfo } from '../provider.ts';
import { derSignature } from '../der/ecdsa-value.ts';
import { webHashNames } from './public-key.ts';
import { base64Url, hasWebAlgorithm, subtleOf, webCurveNames, type Subtle, type WebCryptoKey } from './subtle.ts';

/**
 * A private key that WebCrypto signs with, asynchronously. Noble checks it, makes its public half, and signs itself what WebCrypto has no
 * algorithm for. RSA keys are WebCrypto's there as well.
 * @throws TlsError `ERR_TLS_IDENTITY` when the key cannot be used
 */
export function importWebPrivateKey(info: PrivateKeyInfo): PrivateKey {
  const byNoble = importNoblePrivateKey(info);
  const { curve, secret, type } = info;
  const subtle = subtleOf();
  if (subtle === undefined || secret === undefined) return byNoble;
  if (type === 'ec' && curve !== undefined) return ecPrivateKey(subtle, byNoble, curve, copyBytes(secret));
  return type === 'ed25519' ? ed25519PrivateKey(subtle, byNoble, copyBytes(secret)) : byNoble;
}

function ecPrivateKey(subtle: Subtle, byNoble: PrivateKey, curve: Curve, secret: Uint8Array): PrivateKey {
  const key = once(async () => {
    if (!(await hasWebAlgorithm(webCurveNames[curve]))) return undefined;
    const point = pointOf(await byNoble.publicKeySpki, secret.length);
    const [x, y] = [point.subarray(1, 1 + secret.length), point.subarray(1 + secret.length)];
    const jwk = { kty: 'EC', crv: webCurveNames[curve], x: base64Url(x), y: base64Url(y), d: base64Url(secret) };
    return importToSign(subtle, jwk, { name: 'ECDSA', namedCurve: webCurveNames[curve] });
  });
  return {
    ...byNoble,
    async sign(algorithm, input) {
      const ownInput = new Uint8Array(input);
      if (algorithm.type !== 'ecdsa') return byNoble.sign(algorithm, ownInput); // which refuses
      const webKey = await key();
      if (webKey === undefined) return byNoble.sign(algorithm, ownInput);
      const parameters = { name: 'ECDSA', hash: webHashNames[algorithm.hash] };
      return derSignature(new Uint8Array(await subtle.sign(parameters, webKey, ownInput)));
    },
  };
}

function ed25519PrivateKey(subtle: Subtle, byNoble: PrivateKey, secret: Uint8Array): PrivateKey {
  const key = once(async () => {
    if (!(await hasWebAlgorithm('Ed25519'))) return undefined;
    const spki = await byNoble.publicKeySpki;
    const x = spki.subarray(spki.length - secret.length);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: base64Url(x), d: base64Url(secret) };
    return importToSign(subtle, jwk, { name: 'Ed25519' });
  });
  return {
    ...byNoble,
    async sign(algorithm, input) {
      assertKeyFitsAlgorithm({ type: 'ed25519', spki: new Uint8Array(0) }, algorithm);
      const ownInput = new Uint8Array(input);
      const webKey = await key();
      if (webKey === undefined) return byNoble.sign(algorithm, ownInput);
      return new Uint8Array(await subtle.sign({ name: 'Ed25519' }, webKey, ownInput));
    },
  };
}

/** A JSON Web Key with its private part (RFC 7518 §6.2, RFC 8037 §2). */
interface WebKey {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
  readonly d: string;
}

/** @returns `undefined` where WebCrypto does not take the key */
async function importToSign(
  subtle: Subtle,
  jwk: WebKey,
  parameters: { readonly name: string; readonly namedCurve?: string },
): Promise<WebCryptoKey | undefined> {
  try {
    return await subtle.importKey('jwk', jwk, parameters, false, ['sign']);
  } catch {
    return undefined;
  }
}

/** Gives the uncompressed point at the end of a SubjectPublicKeyInfo. */
function pointOf(spki: Uint8Array, length: number): Uint8Array {
  const point = spki.subarray(spki.length - 1 - 2 * length);
  if (point[0] !== uncompressedPoint) throw new TypeError('expected an uncompressed point');
  return point;
}

/** Begins a piece of work when it is first asked for, and gives the same answer ever after. */
function once<T>(begin: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= begin();
    return answer;
  };
}
