import { expect, it } from 'vitest';
import { nodeCrypto } from '../src/node/index.ts';
import { openSpan } from '../src/provider-rules/record-by-record.ts';
import type { Aead, AeadAlgorithm, AeadSpan, CryptoProvider, PrivateKey, PublicKey } from '../src/provider.ts';
import { providerCases, registerCryptoProviderTests } from '../src/provider-tests/index.ts';

interface PlantedFault {
  readonly fault: string;
  /** The case that must find it. */
  readonly found: string;
  readonly changes: Partial<CryptoProvider>;
}

const sameKeyShare = nodeCrypto.generateKeyShare('x25519');
const digests = new Map<string, Uint8Array>();

const planted: readonly PlantedFault[] = [
  {
    fault: 'an AEAD that ignores the tag',
    found: 'aead/aes-128-gcm/refuses',
    changes: {
      createAead: (algorithm, key) => {
        const aead = nodeCrypto.createAead(algorithm, key);
        return { seal: aead.seal.bind(aead), open: (...arguments_) => (aead.open(...arguments_), true) };
      },
    },
  },
  {
    fault: 'an AEAD that keeps the caller’s key',
    found: 'contract/inputs-not-kept',
    changes: {
      createAead: (algorithm, key) => ({
        seal: (...arguments_) => nodeCrypto.createAead(algorithm, key).seal(...arguments_),
        open: (...arguments_) => nodeCrypto.createAead(algorithm, key).open(...arguments_),
      }),
    },
  },
  {
    fault: 'a span that goes on behind a wrong tag',
    found: 'span/aes-128-gcm/refuses',
    changes: { createAead: (algorithm, key) => new FaultyOpener(algorithm, key, (span) => span.count) },
  },
  {
    fault: 'a span that leaves the plaintext of a wrong tag',
    found: 'span/aes-128-gcm/refuses',
    changes: { createAead: (algorithm, key) => new FaultyOpener(algorithm, key, leavePlaintext) },
  },
  {
    fault: 'HMAC that fills the whole of its buffer',
    found: 'hmac/sha256/out',
    changes: {
      hmac: (algorithm, key, input, out) => {
        out.fill(0);
        nodeCrypto.hmac(algorithm, key, input, out);
      },
    },
  },
  {
    fault: 'HMAC that wipes its key',
    found: 'contract/inputs-untouched',
    changes: {
      hmac: (algorithm, key, input, out) => {
        nodeCrypto.hmac(algorithm, key, input, out);
        key.fill(0);
      },
    },
  },
  {
    fault: 'a hash that gives the same buffer again',
    found: 'contract/results-are-the-callers',
    changes: {
      hash: (algorithm, input) => {
        const name = `${algorithm} ${Buffer.from(input).toString('hex')}`;
        const digest = digests.get(name) ?? nodeCrypto.hash(algorithm, input);
        digests.set(name, digest);
        return digest;
      },
    },
  },
  {
    fault: 'a snapshot that ends the hash',
    found: 'hash/sha256/snapshots',
    changes: {
      createHash: (algorithm) => {
        const running = nodeCrypto.createHash(algorithm);
        return {
          update: (input) => running.update(input),
          snapshot: (extra) => {
            if (extra !== undefined) running.update(extra);
            return running.snapshot();
          },
        };
      },
    },
  },
  {
    fault: 'a generator that stops after 65,536 bytes',
    found: 'contract/random-fill',
    changes: { randomFill: (into) => nodeCrypto.randomFill(into.subarray(0, 65_536)) },
  },
  {
    fault: 'the same ephemeral key each time',
    found: 'key-exchange/x25519/fresh',
    changes: {
      generateKeyShare: (algorithm, privateKey) =>
        algorithm === 'x25519' && privateKey === undefined
          ? sameKeyShare
          : nodeCrypto.generateKeyShare(algorithm, privateKey),
    },
  },
  {
    fault: 'compressed points that are taken',
    found: 'refused-share/secp256r1/a-compressed-point',
    changes: {
      generateKeyShare: (algorithm, privateKey) => {
        const share = nodeCrypto.generateKeyShare(algorithm, privateKey);
        return {
          algorithm,
          publicKey: share.publicKey,
          deriveSharedSecret: (peer) =>
            peer.length === 33 && peer[0] !== 4 ? new Uint8Array(32) : share.deriveSharedSecret(peer),
        };
      },
    },
  },
  {
    fault: 'the all-zero secret of x25519 that is taken',
    found: 'refused-share/x25519/all-zeros',
    changes: {
      encapsulate: (algorithm, peer, random) =>
        algorithm === 'x25519' && peer.length === 32 && peer.every((byte) => byte === 0)
          ? { keyExchange: new Uint8Array(32).fill(9), sharedSecret: new Uint8Array(32) }
          : nodeCrypto.encapsulate(algorithm, peer, random),
    },
  },
  {
    fault: 'the halves of a hybrid’s secret in the other order',
    found: 'key-exchange/x25519mlkem768/composition',
    changes: {
      encapsulate: async (algorithm, peer, random) => {
        const { keyExchange, sharedSecret } = await nodeCrypto.encapsulate(algorithm, peer, random);
        if (algorithm !== 'x25519mlkem768') return { keyExchange, sharedSecret };
        const [first, second] = [sharedSecret.subarray(0, 32), sharedSecret.subarray(32)];
        return { keyExchange, sharedSecret: Uint8Array.of(...second, ...first) };
      },
    },
  },
  {
    fault: 'RSA keys that are not looked at',
    found: 'refused-key/rsa/the-exponent-1',
    changes: {
      importPublicKey: (info) =>
        'modulus' in info && info.exponent.length === 1 ? verifying(() => true) : nodeCrypto.importPublicKey(info),
    },
  },
  {
    fault: 'verify that throws',
    found: 'contract/verify-never-throws',
    changes: {
      importPublicKey: (info) => {
        const key = nodeCrypto.importPublicKey(info);
        return verifying((algorithm, input, signature) => {
          if (signature.length === 0) throw new RangeError('no signature');
          return key.verify(algorithm, input, signature);
        });
      },
    },
  },
  {
    fault: 'a signature by another key’s algorithm',
    found: 'signature/ed25519/other-algorithms',
    changes: { importPrivateKey: (info) => signingAnything(nodeCrypto.importPrivateKey(info)) },
  },
  {
    fault: 'an import that gives a Promise',
    found: 'contract/synchronous',
    changes: {
      importPrivateKey: (info) => Promise.resolve(nodeCrypto.importPrivateKey(info)) as unknown as PrivateKey,
    },
  },
];

it.each(planted)('$fault is found', async ({ found, changes }) => {
  const finder = providerCases.find(({ id }) => id === found);
  await expect((async () => finder?.run({ ...nodeCrypto, ...changes }))()).rejects.toThrow(/./);
  // and the same case finds nothing in the provider that has no fault
  expect(finder).toBeDefined();
  await finder?.run(nodeCrypto);
});

it('every case has an id of its own', () => {
  expect(new Set(providerCases.map(({ id }) => id)).size).toBe(providerCases.length);
});

it('a deviation that names no case is refused', () => {
  expect(() => registerCryptoProviderTests(nodeCrypto, { deviations: { 'no/such/case': 'none' } })).toThrow(TypeError);
});

function verifying(verify: PublicKey['verify']): PublicKey {
  return { info: { type: 'ed25519', key: new Uint8Array(32), spki: new Uint8Array(0) }, verify };
}

function signingAnything(key: PrivateKey): PrivateKey {
  return {
    info: key.info,
    publicKeySpki: key.publicKeySpki,
    sign: (algorithm, input) =>
      key.info.type === 'ed25519' ? key.sign({ type: 'ed25519' }, input) : key.sign(algorithm, input),
  };
}

type Fault = (span: AeadSpan, opened: number, aead: Aead) => number;

/** Opens the records of a span as it should, and then does something else where a tag was wrong. */
class FaultyOpener implements Aead {
  readonly #aead: Aead;
  readonly #fault: Fault;

  constructor(algorithm: AeadAlgorithm, key: Uint8Array, fault: Fault) {
    this.#aead = nodeCrypto.createAead(algorithm, key);
    this.#fault = fault;
  }

  seal(...given: Parameters<Aead['seal']>): void {
    this.#aead.seal(...given);
  }

  open(...given: Parameters<Aead['open']>): boolean {
    return this.#aead.open(...given);
  }

  openRecords(span: AeadSpan): number {
    const opened = openSpan(this.#aead, span);
    return opened === span.count ? opened : this.#fault(span, opened, this.#aead);
  }
}

/** Sealing what was sealed gives the plaintext back, because the cipher is a key stream. */
function leavePlaintext({ nonces, input, output, places }: AeadSpan, opened: number, aead: Aead): number {
  const [, , start = 0, length = 0, at = 0] = places.subarray(5 * opened);
  const sealed = input.subarray(start, start + length - 16);
  const plaintext = new Uint8Array(length);
  aead.seal(nonces.subarray(12 * opened, 12 * opened + 12), new Uint8Array(0), sealed, plaintext);
  output.set(plaintext.subarray(0, sealed.length), at);
  return opened;
}
