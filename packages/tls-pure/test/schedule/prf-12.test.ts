import { describe, expect, it } from 'vitest';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { cipherSuites12, type CipherSuite12 } from '@org/tls-crypto';
import { exporter, extendedMainSecret, keyBlock, mainSecret, prf, verifyData } from '../../src/schedule/prf-12.ts';

// Every expected value comes from `openssl kdf -keylen N -kdfopt digest:D -kdfopt hexsecret:S -kdfopt hexseed:LABEL+SEED TLS1-PRF`
// (OpenSSL 3.0.19); the first two are also the vectors that the TLS working group's list has had since 2011.
const randoms = { client: new Uint8Array(32).fill(0xaa), server: new Uint8Array(32).fill(0xbb) };
const preMainSecret = new Uint8Array(32).fill(0x55);
const secret = new Uint8Array(48).fill(0x77);
const hashOfSha256 = new Uint8Array(32).fill(0xcc);
const hashOfSha384 = new Uint8Array(48).fill(0xdd);

describe.each([nodeCrypto, nobleCrypto])('TLS 1.2 over the provider $name', (crypto) => {
  it.each([
    [
      'sha256',
      '9bbe436ba940f017b17652849a71db35',
      'a0ba9f936cda311827a6f796ffd5198c',
      'e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66',
    ],
    [
      'sha384',
      'b80b733d6ceefcdc71566ea48e5567df',
      'cd665cf6a8447dd6ff8b27555edb7465',
      '7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f',
    ],
  ] as const)('RFC 5246 §5 PRF with %s', (hash, key, seed, expected) => {
    const whole = bytes(expected);
    for (const length of [1, 12, 31, 32, 33, 47, 48, 49, 64, 96, whole.length]) {
      expect(toHex(prf(crypto, hash, bytes(key), { label: 'test label', seed: bytes(seed), length }))).toBe(
        toHex(whole.subarray(0, length)),
      );
    }
  });

  it.each([
    ['sha256', '5e5b42be16879dd874d35d8a62f6b5b414c3a75d637afcf76c8f7d4d19527a8b8535ff1c2b2ac4edec67082cb559e8fb'],
    ['sha384', '4d026aa9c2e25121655403d3597eb3998313c40cbcd1b5b53b7ded108b989140943d8a88e5d68905cd594adac1720708'],
  ] as const)('RFC 5246 §8.1 main secret with %s', (hash, expected) => {
    expect(toHex(mainSecret(crypto, hash, preMainSecret, randoms))).toBe(expected);
  });

  it.each([
    [
      'sha256',
      hashOfSha256,
      '909555b4455d5c3c0cde6c86d15861d90c18ca5bdea7be6b7166a3eb418342c4b5ea56c5552e77717e3dd73235ead46a',
    ],
    [
      'sha384',
      hashOfSha384,
      '16d263350a83073477fe2d88b05d19bd53828f8958ec99b9658269d2a5516591b7ce669429f9a497bf0b726e310f421b',
    ],
  ] as const)('RFC 7627 §4 extended main secret with %s', (hash, sessionHash, expected) => {
    expect(toHex(extendedMainSecret(crypto, hash, preMainSecret, sessionHash))).toBe(expected);
  });

  it.each([
    [
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      {
        clientWriteKey: '13493231eaa1a597acacb8b67d79a9ff',
        serverWriteKey: 'c98a6dcbd0be919e1a068559c1638d37',
        clientWriteIv: '5b435c62',
        serverWriteIv: '7ad82426',
      },
    ],
    [
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      {
        clientWriteKey: 'c269fe7db6d7d7d89694585ed444f4ca05d9de00ba2457039abfdae297a80fa2',
        serverWriteKey: '27dbe16cf14416e3385d7aeedc7bda94b454b291bf71d008487e8642a12f5d84',
        clientWriteIv: 'f3a6db75',
        serverWriteIv: '6e4eac62',
      },
    ],
    [
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      {
        clientWriteKey: '13493231eaa1a597acacb8b67d79a9ffc98a6dcbd0be919e1a068559c1638d37',
        serverWriteKey: '5b435c627ad82426585056551c96b852dc5d9c49afd7c58fa7b8794f41b99032',
        clientWriteIv: 'a47ae5699aabcc65cc772a80',
        serverWriteIv: 'da6718ee64fa04323cf48d4f',
      },
    ],
  ])('RFC 5246 §6.3 key block of %s', (name, expected) => {
    const block = keyBlock(crypto, suiteOf(name), secret, randoms);
    expect(Object.fromEntries(Object.entries(block).map(([part, value]) => [part, toHex(value)]))).toEqual(expected);
  });

  it('RFC 5246 §7.4.9 verify_data of either side', () => {
    expect(toHex(verifyData(crypto, 'sha256', secret, 'client', hashOfSha256))).toBe('4fb5450e8e7218144b7f117d');
    expect(toHex(verifyData(crypto, 'sha384', secret, 'server', hashOfSha384))).toBe('f14ea56c2bc6ad6fd5b8662d');
  });

  it.each([
    ['no context', undefined, '2b2dd84eb5d028102738d5e9f8f582e07e61896dc0fa1b670b7ba2f221853d7727be16de68b13e05'],
    ['an empty one', '', '51901a6caec4442ffd44540f1f3a6cc0ae14b175c0122c75c2ea1e0d3c96dbde83e93cb3bfd9b8af'],
    ['one of bytes', '010203', '4e35af40be36c038eaf7d3ac7ad9aa9bb869bf4d5dab33aef5413354ab2592e7de8a9460debb5487'],
  ])('RFC 5705 §4 exporter with %s', (_, context, expected) => {
    const contextBytes = context === undefined ? undefined : bytes(context);
    const exported = exporter(
      crypto,
      'sha256',
      { secret, randoms },
      { label: 'EXPERIMENTAL test', context: contextBytes, length: 40 },
    );
    expect(toHex(exported)).toBe(expected);
  });

  it.each(['client finished', 'server finished', 'master secret', 'extended master secret', 'key expansion'])(
    'RFC 5705 §4 exporter refuses the reserved label "%s"',
    (label) => {
      expect(() => exporter(crypto, 'sha256', { secret, randoms }, { label, context: undefined, length: 32 })).toThrow(
        RangeError,
      );
    },
  );

  it('RFC 5705 §4 exporter refuses a context that has no length of 16 bits', () => {
    const tooLong = new Uint8Array(2 ** 16);
    expect(() =>
      exporter(crypto, 'sha256', { secret, randoms }, { label: 'EXPERIMENTAL test', context: tooLong, length: 32 }),
    ).toThrow(RangeError);
  });
});

function suiteOf(name: string): CipherSuite12 {
  const suite = cipherSuites12.find((each) => each.name === name);
  if (suite === undefined) throw new Error(`no suite ${name}`);
  return suite;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

function toHex(value: Uint8Array): string {
  return Buffer.from(value).toString('hex');
}
