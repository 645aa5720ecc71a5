import { encapsulationLength, type KeyExchangeAlgorithm } from '../../key-exchange.ts';
import type { ProviderCase } from '../provider-case.ts';
import { expectBadShare } from '../refusal.ts';
import { reference } from '../reference.ts';

const shareOf = (algorithm: KeyExchangeAlgorithm): Uint8Array =>
  Uint8Array.from(reference.generateKeyShare(algorithm).publicKey);

const point = shareOf('secp256r1');
const parity = (point[64] ?? 0) & 1;
const compressedPoint = Uint8Array.of(2 + parity, ...point.subarray(1, 33));
const hybridPoint = Uint8Array.of(6 + parity, ...point.subarray(1));
const x25519MlKem768 = shareOf('x25519mlkem768');
const p256MlKem768 = shareOf('secp256r1mlkem768');
const p384MlKem1024 = shareOf('secp384r1mlkem1024');
const mlKem1024 = shareOf('mlkem1024');

type Row = readonly [KeyExchangeAlgorithm, string, Uint8Array];

/** Shares that either side may send. */
const ecdhShares: readonly Row[] = [
  ['x25519', 'nothing', new Uint8Array(0)],
  ['x25519', '31 bytes', new Uint8Array(31).fill(9)],
  ['x25519', '33 bytes', new Uint8Array(33).fill(9)],
  ['x25519', 'all zeros (RFC 7748 §6.1)', new Uint8Array(32)],
  ['secp256r1', 'nothing', new Uint8Array(0)],
  ['secp256r1', 'the point at infinity', Uint8Array.of(0)],
  ['secp256r1', 'a point off the curve', new Uint8Array(65).fill(4)],
  ['secp256r1', 'a compressed point (RFC 8446 §4.2.8.2)', compressedPoint],
  ['secp256r1', 'a hybrid point (RFC 8446 §4.2.8.2)', hybridPoint],
  ['secp384r1', 'a point of P-256', point],
  ['secp384r1', 'a point off the curve', new Uint8Array(97).fill(4)],
  ['secp521r1', 'a point of P-256', point],
  ['secp521r1', 'a point off the curve', new Uint8Array(133).fill(4)],
];

/** Encapsulation keys, which only a client sends. */
const clientShares: readonly Row[] = [
  ['x25519mlkem768', 'nothing', new Uint8Array(0)],
  ['x25519mlkem768', 'one byte short', x25519MlKem768.subarray(1)],
  ['x25519mlkem768', 'one byte long', Uint8Array.of(...x25519MlKem768, 0)],
  ['x25519mlkem768', 'the ML-KEM key alone', x25519MlKem768.subarray(0, 1184)],
  ['x25519mlkem768', 'the X25519 key alone', x25519MlKem768.subarray(1184)],
  ['x25519mlkem768', 'of a coefficient out of range (FIPS 203 §7.2)', edited(x25519MlKem768, [381, 384], 0xff)],
  ['x25519mlkem768', 'of an X25519 key of zeros (RFC 7748 §6.1)', edited(x25519MlKem768, [1184, 1216], 0)],
  ['secp256r1mlkem768', 'nothing', new Uint8Array(0)],
  ['secp256r1mlkem768', 'one byte short', p256MlKem768.subarray(0, -1)],
  ['secp256r1mlkem768', 'one byte long', Uint8Array.of(...p256MlKem768, 0)],
  ['secp256r1mlkem768', 'the point alone', p256MlKem768.subarray(0, 65)],
  ['secp256r1mlkem768', 'the ML-KEM key alone', p256MlKem768.subarray(65)],
  ['secp256r1mlkem768', 'its halves in the other order', swapped(p256MlKem768, 65)],
  ['secp256r1mlkem768', 'of a point off the curve', edited(p256MlKem768, [1, 65], 4)],
  ['secp256r1mlkem768', 'of a compressed point (RFC 8446 §4.2.8.2)', edited(p256MlKem768, [0, 1], 2)],
  ['secp256r1mlkem768', 'of a hybrid point (RFC 8446 §4.2.8.2)', edited(p256MlKem768, [0, 1], 6)],
  ['secp256r1mlkem768', 'of a coefficient out of range (FIPS 203 §7.2)', edited(p256MlKem768, [65, 68], 0xff)],
  ['secp384r1mlkem1024', 'one byte short', p384MlKem1024.subarray(0, -1)],
  ['secp384r1mlkem1024', 'one byte long', Uint8Array.of(...p384MlKem1024, 0)],
  ['secp384r1mlkem1024', 'its halves in the other order', swapped(p384MlKem1024, 97)],
  ['secp384r1mlkem1024', 'of a point off the curve', edited(p384MlKem1024, [1, 97], 4)],
  ['secp384r1mlkem1024', 'of a coefficient out of range (FIPS 203 §7.2)', edited(p384MlKem1024, [97, 100], 0xff)],
  ['mlkem1024', 'nothing', new Uint8Array(0)],
  ['mlkem1024', 'one byte short', mlKem1024.subarray(1)],
  ['mlkem1024', 'one byte long', Uint8Array.of(...mlKem1024, 0)],
  ['mlkem1024', 'of a coefficient out of range (FIPS 203 §7.2)', edited(mlKem1024, [0, 3], 0xff)],
];

/** Lengths of shares that consist of zeros, as only the length and the classical half can be wrong (FIPS 203 §7.3). */
const serverShares: readonly (readonly [KeyExchangeAlgorithm, string, number])[] = [
  ['x25519mlkem768', 'nothing', 0],
  ['x25519mlkem768', 'one byte short', 1119],
  ['x25519mlkem768', 'one byte long', 1121],
  ['x25519mlkem768', 'of an X25519 key of zeros (RFC 7748 §6.1)', 1120],
  ['secp256r1mlkem768', 'nothing', 0],
  ['secp256r1mlkem768', 'one byte short', 1152],
  ['secp256r1mlkem768', 'one byte long', 1154],
  ['secp256r1mlkem768', 'of no point', 1153],
  ['secp384r1mlkem1024', 'nothing', 0],
  ['secp384r1mlkem1024', 'one byte short', 1664],
  ['secp384r1mlkem1024', 'one byte long', 1666],
  ['secp384r1mlkem1024', 'of no point', 1665],
  ['mlkem1024', 'nothing', 0],
  ['mlkem1024', 'one byte short', 1567],
  ['mlkem1024', 'one byte long', 1569],
];

export const refusedShareCases: readonly ProviderCase[] = [
  ...ecdhShares.map(([algorithm, what, share]): ProviderCase => ({
    id: `refused-share/${algorithm}/${slug(what)}`,
    title: `a peer’s share of ${algorithm} that is ${what} is refused`,
    async run(provider) {
      const ours = provider.generateKeyShare(algorithm);
      await expectBadShare(() => ours.deriveSharedSecret(share));
      await expectBadShare(() => provider.encapsulate(algorithm, share));
    },
  })),
  ...clientShares.map(([algorithm, what, share]): ProviderCase => ({
    id: `refused-client-share/${algorithm}/${slug(what)}`,
    title: `a client’s share of ${algorithm} that is ${what} is refused`,
    async run(provider) {
      await expectBadShare(() => provider.encapsulate(algorithm, share));
      const random = new Uint8Array(encapsulationLength[algorithm]).fill(1);
      await expectBadShare(() => provider.encapsulate(algorithm, share, random));
    },
  })),
  ...serverShares.map(([algorithm, what, length]): ProviderCase => ({
    id: `refused-server-share/${algorithm}/${slug(what)}`,
    title: `a server’s share of ${algorithm} that is ${what} is refused`,
    run: (provider) =>
      expectBadShare(() => provider.generateKeyShare(algorithm).deriveSharedSecret(new Uint8Array(length))),
  })),
];

/** Turns the words of a title into a part of an id; sections of RFCs are left out. */
function slug(what: string): string {
  return what.replace(/ \(.*/, '').replaceAll(' ', '-').toLowerCase();
}

/** Gives a copy in which the bytes of a range are set to one value. */
function edited(bytes: Uint8Array, [from, to]: readonly [number, number], value: number): Uint8Array {
  return Uint8Array.from(bytes).fill(value, from, to);
}

function swapped(share: Uint8Array, middle: number): Uint8Array {
  return Uint8Array.of(...share.subarray(middle), ...share.subarray(0, middle));
}
