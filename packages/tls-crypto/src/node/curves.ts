import { createECDH } from 'node:crypto';
import type { EcdhCurve } from '../key-exchange.ts';

/** OpenSSL calls curves as SEC 2 does, but for the one that X9.62 had named before. */
export function opensslName(curve: EcdhCurve): string {
  return curve === 'secp256r1' ? 'prime256v1' : curve;
}

/** Tells whether node:crypto exchanges keys on a curve: Deno's does not know P-521. The curve is tried, once. */
export function hasNodeCurve(curve: EcdhCurve): boolean {
  const known = curves.get(curve);
  if (known !== undefined) return known;
  const has = tryIt(curve);
  curves.set(curve, has);
  return has;
}

const curves = new Map<EcdhCurve, boolean>();

function tryIt(curve: EcdhCurve): boolean {
  try {
    return createECDH(opensslName(curve)).generateKeys().length > 0;
  } catch {
    return false;
  }
}
