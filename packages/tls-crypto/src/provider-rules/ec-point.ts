import type { Curve } from '../provider.ts';

/** The first byte of a point in uncompressed form (SEC 1 §2.3.3). */
export const uncompressedPoint = 4;

/** The length of such a point, in bytes. */
export const pointLength: Readonly<Record<Curve, number>> = { secp256r1: 65, secp384r1: 97, secp521r1: 133 };
