import { hex, isPromiseLike } from '@org/tls-core/backend';
import { expect } from 'vitest';
import type { CryptoProvider, SignatureAlgorithm } from '../../provider.ts';
import type { ProviderCase } from '../provider-case.ts';
import { randomBytes, reference } from '../reference.ts';
import { allTestKeys, privateInfoOf, publicInfoOf, testKeys } from '../test-keys.ts';
import { signatureSchemes, keyFitsScheme } from '../../tables/signature-schemes.ts';

/** How many bytes the platform's generator gives at once. A provider has to ask again for more (Web Cryptography API §10.1.1). */
const usualLimit = 65_536;

export const contractCases: readonly ProviderCase[] = [
  {
    id: 'contract/name',
    title: 'it has a name, and says whether AES is done by hardware',
    run({ name, hasHardwareAes }) {
      expect(name).toMatch(/./);
      expect(typeof hasHardwareAes).toBe('boolean');
    },
  },
  {
    id: 'contract/random-fill',
    title: 'randomFill fills the whole of a buffer of any length, and nothing beside it',
    run(provider) {
      const whole = new Uint8Array(3 * usualLimit + 64);
      const inner = whole.subarray(32, whole.length - 32);
      provider.randomFill(inner);
      // Thirty-two zeros in a row are as unlikely as a key that is guessed.
      for (let from = 0; from + 32 <= inner.length; from += 32)
        expect(inner.subarray(from, from + 32).some((byte) => byte !== 0)).toBe(true);
      expect([...whole.subarray(0, 32), ...whole.subarray(-32)].every((byte) => byte === 0)).toBe(true);
      const again = new Uint8Array(32);
      provider.randomFill(again);
      expect(hex(again)).not.toBe(hex(inner.subarray(0, 32)));
      provider.randomFill(new Uint8Array(0));
    },
  },
  {
    id: 'contract/synchronous',
    title: 'what the interface gives as a value is no Promise',
    async run(provider) {
      const aead = provider.createAead('aes-128-gcm', new Uint8Array(16));
      const out = new Uint8Array(16);
      const results = [
        provider.hash('sha256', out),
        provider.sha1(out),
        provider.hmac('sha256', out, out, new Uint8Array(32)),
        provider.createHash('sha256').snapshot(),
        provider.generateKeyShare('x25519'),
        aead.seal(new Uint8Array(12), out, new Uint8Array(0), out),
        aead.open(new Uint8Array(12), out, Uint8Array.from(out), new Uint8Array(0)),
        provider.importPrivateKey(privateInfoOf(testKeys.p256)),
        provider.importPublicKey(await publicInfoOf(testKeys.p256)),
      ];
      expect(results.filter((result) => isPromiseLike(result))).toEqual([]);
    },
  },
  {
    id: 'contract/inputs-untouched',
    title: 'no input is written to or wiped: it remains the caller’s',
    async run(provider) {
      const inputs = new Inputs();
      const [key, nonce, data, plain] = [32, 12, 5, 40].map((length) => inputs.watch(randomBytes(length)));
      if (key === undefined || nonce === undefined || data === undefined || plain === undefined) return;
      provider.hash('sha384', plain);
      provider.sha1(plain);
      provider.hmac('sha256', key, plain, new Uint8Array(32));
      const running = provider.createHash('sha256');
      running.update(plain);
      running.snapshot(data);
      const aead = provider.createAead('aes-256-gcm', key);
      const sealed = new Uint8Array(56);
      aead.seal(nonce, data, plain, sealed);
      aead.open(nonce, data, inputs.watch(sealed), new Uint8Array(40));
      await useKeyShares(provider, inputs);
      await useKeys(provider, inputs);
      inputs.expectUntouched();
    },
  },
  {
    id: 'contract/inputs-not-kept',
    title: 'what becomes of an input after the call changes nothing',
    async run(provider) {
      const key = randomBytes(16);
      const aead = provider.createAead('aes-128-gcm', key);
      const sameKey = reference.createAead('aes-128-gcm', key);
      key.fill(0);
      const [nonce, sealed, expected] = [new Uint8Array(12), new Uint8Array(20), new Uint8Array(20)];
      aead.seal(nonce, nonce, new Uint8Array(4), sealed);
      sameKey.seal(nonce, nonce, new Uint8Array(4), expected);
      expect(hex(sealed), 'the key of an AEAD').toBe(hex(expected));
      const part = randomBytes(20);
      const digest = hex(reference.hash('sha256', part));
      const running = provider.createHash('sha256');
      running.update(part);
      part.fill(0);
      expect(hex(running.snapshot()), 'the input of a running hash').toBe(digest);
      const secret = new Uint8Array(32).fill(7);
      const [ours, theirs] = [provider.generateKeyShare('secp256r1', secret), reference.generateKeyShare('secp256r1')];
      const agreed = reference.generateKeyShare('secp256r1', secret).deriveSharedSecret(theirs.publicKey);
      secret.fill(1);
      expect(hex(await ours.deriveSharedSecret(theirs.publicKey)), 'a given private key').toBe(hex(await agreed));
    },
  },
  ...allTestKeys.map((key): ProviderCase => ({
    id: `contract/private-key-not-kept/${key.name}`,
    title: `a private key of ${key.name} is copied when it is imported`,
    async run(provider) {
      const parsed = privateInfoOf(key);
      const info = { ...parsed, pkcs8: Uint8Array.from(parsed.pkcs8) };
      if (parsed.secret !== undefined) Object.assign(info, { secret: Uint8Array.from(parsed.secret) });
      const privateKey = provider.importPrivateKey(info);
      info.pkcs8.fill(0);
      info.secret?.fill(0);
      const publicKey = reference.importPublicKey(await publicInfoOf(key));
      const algorithm = await fittingAlgorithm(key.name);
      const input = randomBytes(20);
      expect(await publicKey.verify(algorithm, input, await privateKey.sign(algorithm, input))).toBe(true);
    },
  })),
  {
    id: 'contract/results-are-the-callers',
    title: 'a result is the caller’s to wipe: no later call gives the same buffer',
    async run(provider) {
      const input = randomBytes(20);
      const digest = hex(reference.hash('sha256', input));
      provider.hash('sha256', input).fill(0);
      expect(hex(provider.hash('sha256', input))).toBe(digest);
      const running = provider.createHash('sha256');
      running.update(input);
      running.snapshot().fill(0);
      expect(hex(running.snapshot())).toBe(digest);
      const [ours, theirs] = [provider.generateKeyShare('x25519'), reference.generateKeyShare('x25519')];
      const first = await ours.deriveSharedSecret(theirs.publicKey);
      const secret = hex(first);
      first.fill(0);
      expect(hex(await ours.deriveSharedSecret(theirs.publicKey))).toBe(secret);
    },
  },
  {
    id: 'contract/in-place',
    title: 'an AEAD seals and opens in place, inside a larger buffer, and writes to nothing beside it',
    run(provider) {
      for (const algorithm of ['aes-128-gcm', 'chacha20-poly1305'] as const) {
        const aead = provider.createAead(algorithm, new Uint8Array(algorithm === 'aes-128-gcm' ? 16 : 32).fill(3));
        const [nonce, data, plaintext] = [randomBytes(12), randomBytes(5), randomBytes(100)];
        const record = new Uint8Array(133).fill(0xee);
        const place = record.subarray(7, 123);
        place.set(plaintext);
        aead.seal(nonce, data, place.subarray(0, 100), place);
        const apart = new Uint8Array(116);
        aead.seal(nonce, data, plaintext, apart);
        expect(hex(place), algorithm).toBe(hex(apart));
        expect(aead.open(nonce, data, place, place.subarray(0, 100))).toBe(true);
        expect(hex(place.subarray(0, 100))).toBe(hex(plaintext));
        expect([...record.subarray(0, 7), ...record.subarray(123)].every((byte) => byte === 0xee)).toBe(true);
      }
    },
  },
  {
    id: 'contract/verify-never-throws',
    title: 'verify answers false to anything that is no signature: it neither throws nor rejects',
    async run(provider) {
      for (const key of allTestKeys) {
        const publicKey = provider.importPublicKey(await publicInfoOf(key));
        const algorithm = await fittingAlgorithm(key.name);
        for (const length of [0, 1, 8, 64, 70, 256, 257, 2420])
          for (const signature of [new Uint8Array(length), new Uint8Array(length).fill(0xff), randomBytes(length)])
            expect(await publicKey.verify(algorithm, new Uint8Array(3), signature), `${key.name}, ${length}`).toBe(
              false,
            );
      }
    },
  },
];

/** Buffers that are handed to the provider, with what they held before. */
class Inputs {
  readonly #watched: (readonly [Uint8Array, string])[] = [];

  watch(bytes: Uint8Array): Uint8Array {
    this.#watched.push([bytes, hex(bytes)]);
    return bytes;
  }

  expectUntouched(): void {
    for (const [bytes, before] of this.#watched) expect(hex(bytes)).toBe(before);
  }
}

async function useKeyShares(provider: CryptoProvider, inputs: Inputs): Promise<void> {
  for (const algorithm of ['x25519', 'secp256r1', 'x25519mlkem768'] as const) {
    const secret = inputs.watch(new Uint8Array(algorithm === 'x25519mlkem768' ? 96 : 32).fill(5));
    const ours = provider.generateKeyShare(algorithm, secret);
    const random = inputs.watch(new Uint8Array(algorithm === 'x25519mlkem768' ? 64 : 32).fill(6));
    const share = inputs.watch(Uint8Array.from(ours.publicKey));
    const { keyExchange } = await provider.encapsulate(algorithm, share, random);
    await ours.deriveSharedSecret(inputs.watch(Uint8Array.from(keyExchange)));
  }
}

async function useKeys(provider: CryptoProvider, inputs: Inputs): Promise<void> {
  for (const key of allTestKeys) {
    const info = privateInfoOf(key);
    inputs.watch(info.pkcs8);
    if (info.secret !== undefined) inputs.watch(info.secret);
    const publicInfo = await publicInfoOf(key);
    inputs.watch(publicInfo.spki);
    const algorithm = await fittingAlgorithm(key.name);
    const input = inputs.watch(randomBytes(50));
    const signature = inputs.watch(await provider.importPrivateKey(info).sign(algorithm, input));
    await provider.importPublicKey(publicInfo).verify(algorithm, input, signature);
  }
}

/** Gives one algorithm with which the key of that name signs. */
async function fittingAlgorithm(name: string): Promise<SignatureAlgorithm> {
  const key = allTestKeys.find((each) => each.name === name);
  if (key === undefined) throw new Error(`there is no test key ${name}`);
  const info = await publicInfoOf(key);
  const scheme = signatureSchemes.find((each) => keyFitsScheme(info, each));
  if (scheme === undefined) throw new Error(`no scheme fits ${name}`);
  return scheme.algorithm;
}
