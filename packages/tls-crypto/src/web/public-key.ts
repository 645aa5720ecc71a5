import { fieldLength } from '../key-exchange.ts';
import { importNoblePublicKey } from '../noble/signatures.ts';
import { keyFitsAlgorithm } from '../provider-rules/key-use.ts';
import type { HashAlgorithm, PublicKey, PublicKeyInfo, SignatureAlgorithm } from '../provider.ts';
import { rawSignature } from '../der/ecdsa-value.ts';
import { base64Url, hasWebAlgorithm, subtleOf, webCurveNames, type Subtle, type WebCryptoKey } from './subtle.ts';

export const webHashNames: Readonly<Record<HashAlgorithm, string>> = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};
const saltLengths: Readonly<Record<HashAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** What WebCrypto is asked to verify. */
interface Question {
  readonly key: WebCryptoKey;
  readonly parameters: Parameters<Subtle['verify']>[0];
  readonly signature: Uint8Array;
}

/**
 * A public key that WebCrypto verifies with, asynchronously. Noble has looked at it, and verifies itself what WebCrypto has no algorithm for.
 * @throws TlsError `ERR_TLS_CERTIFICATE_BAD` when the key is not on its curve or out of range
 */
export function importWebPublicKey(info: PublicKeyInfo): PublicKey {
  const byNoble = importNoblePublicKey(info);
  return {
    info,
    verify(algorithm, input, signature) {
      const subtle = subtleOf();
      if (subtle === undefined || info.type.startsWith('ml-dsa')) return byNoble.verify(algorithm, input, signature);
      if (!keyFitsAlgorithm(info, algorithm)) return false;
      // Copies: WebCrypto reads them later.
      const [ownInput, ownSignature] = [new Uint8Array(input), new Uint8Array(signature)];
      return verifyByWeb(subtle, { info, algorithm, signature: ownSignature }).then((answer) =>
        answer === undefined ? byNoble.verify(algorithm, ownInput, ownSignature) : answer(ownInput),
      );
    },
  };
}

interface Attempt {
  readonly info: PublicKeyInfo;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
}

/** @returns what verifies an input; `undefined` where WebCrypto does not take the key */
async function verifyByWeb(
  subtle: Subtle,
  attempt: Attempt,
): Promise<((input: Uint8Array) => Promise<boolean>) | undefined> {
  let question: Question | undefined;
  try {
    question = await questionOf(subtle, attempt);
  } catch {
    return undefined;
  }
  if (question === undefined) return () => Promise.resolve(false);
  const { parameters, key, signature } = question;
  return async (input) => {
    try {
      return await subtle.verify(parameters, key, signature, new Uint8Array(input));
    } catch {
      return false;
    }
  };
}

/** @returns `undefined` for a signature that can be none; it rejects where WebCrypto does not take the key */
async function questionOf(subtle: Subtle, { info, algorithm, signature }: Attempt): Promise<Question | undefined> {
  if (info.type === 'ec' && algorithm.type === 'ecdsa') {
    const namedCurve = webCurveNames[info.curve];
    if (!(await hasWebAlgorithm(namedCurve))) throw new Error(`no ${namedCurve}`);
    const raw = rawOf(signature, fieldLength[info.curve]);
    if (raw === undefined) return undefined;
    const parameters = { name: 'ECDSA', namedCurve };
    const key = await subtle.importKey('raw', new Uint8Array(info.point), parameters, false, ['verify']);
    return { key, parameters: { name: 'ECDSA', hash: webHashNames[algorithm.hash] }, signature: raw };
  }
  if (info.type === 'ed25519') {
    if (!(await hasWebAlgorithm('Ed25519'))) throw new Error('no Ed25519');
    const parameters = { name: 'Ed25519' };
    const key = await subtle.importKey('raw', new Uint8Array(info.key), parameters, false, ['verify']);
    return { key, parameters, signature };
  }
  if (!('modulus' in info) || !('hash' in algorithm)) return undefined;
  // A signature must be as long as the modulus (RFC 8017 §8.1.2, §8.2.2).
  if (signature.length !== info.modulus.length) return undefined;
  const name = algorithm.type === 'rsa-pss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5';
  const jwk = { kty: 'RSA', n: base64Url(info.modulus), e: base64Url(info.exponent) };
  const key = await subtle.importKey('jwk', jwk, { name, hash: webHashNames[algorithm.hash] }, false, ['verify']);
  const parameters = name === 'RSA-PSS' ? { name, saltLength: saltLengths[algorithm.hash] } : { name };
  return { key, parameters, signature };
}

function rawOf(signature: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return rawSignature(signature, length);
  } catch {
    return undefined;
  }
}
