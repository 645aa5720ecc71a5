import type { EcdhCurve } from '../key-exchange.ts';

/** WebCrypto's own names, under types that every runtime has. */
export type Subtle = typeof globalThis.crypto.subtle;
export type WebCryptoKey = Awaited<ReturnType<Subtle['importKey']>>;

/** The algorithms of WebCrypto that not every runtime has. RSA is everywhere. */
export type WebAlgorithm = 'X25519' | 'Ed25519' | 'P-256' | 'P-384' | 'P-521';

export const webCurveNames = { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' } as const satisfies Readonly<
  Record<EcdhCurve, WebAlgorithm>
>;

/** Gives WebCrypto, which pages outside of a secure context do not have. */
export function subtleOf(): Subtle | undefined {
  return (globalThis as { readonly crypto?: { readonly subtle?: Subtle } }).crypto?.subtle;
}

const known = new Map<WebAlgorithm, Promise<boolean>>();

/** Tells whether the runtime has an algorithm. It is tried, once, by generating a key pair. */
export function hasWebAlgorithm(algorithm: WebAlgorithm): Promise<boolean> {
  const answer = known.get(algorithm) ?? tryIt(algorithm);
  known.set(algorithm, answer);
  return answer;
}

async function tryIt(algorithm: WebAlgorithm): Promise<boolean> {
  const subtle = subtleOf();
  if (subtle === undefined) return false;
  try {
    if (algorithm === 'X25519') await subtle.generateKey({ name: algorithm }, false, ['deriveBits']);
    else if (algorithm === 'Ed25519') await subtle.generateKey({ name: algorithm }, false, ['sign', 'verify']);
    else await subtle.generateKey({ name: 'ECDH', namedCurve: algorithm }, false, ['deriveBits']);
    return true;
  } catch {
    return false;
  }
}

/** Encodes bytes as JSON Web Keys have them (RFC 7515 §2). */
export function base64Url(bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
