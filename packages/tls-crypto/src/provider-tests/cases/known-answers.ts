import { asciiBytes, hex } from '@org/tls-core/backend';
import { expect } from 'vitest';
import { DerTag } from '../../der/der-reader.ts';
import { derElement } from '../../der/der-writer.ts';
import { parseSpki } from '../../keys/spki.ts';
import type { Ecdh } from '../../key-exchange.ts';
import { hashLength, type AeadAlgorithm, type HashAlgorithm } from '../../provider.ts';
import type { ProviderCase } from '../provider-case.ts';
import { fromBase64, fromHex } from '../encoded-bytes.ts';
import {
  ecdsaAnswers,
  ed25519Signature,
  mlDsaAnswers,
  ps384Input,
  ps384Modulus,
  ps384Signature,
  rs256Input,
  rs256Signature,
} from '../known-signatures.ts';
import { reference } from '../reference.ts';
import { positiveInteger, rsaSpki } from '../rsa-spki.ts';
import { privateInfoOf, publicInfoOf, testKeys } from '../test-keys.ts';

const hashes: readonly (readonly [HashAlgorithm, string])[] = [
  ['sha256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['sha384', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
  [
    'sha512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
];

/** The test vectors of RFC 4231 §4.3 (a short key) and §4.7 (a key longer than the block). */
const macs: readonly (readonly [HashAlgorithm, string, string])[] = [
  [
    'sha256',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'sha384',
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
    '4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952',
  ],
  [
    'sha512',
    '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
  ],
];

interface AeadAnswer {
  readonly source: string;
  readonly key: string;
  readonly nonce: string;
  readonly additionalData: string;
  readonly plaintext: string;
  readonly sealed: string;
}

const gallia = 'Gallia est omnis divisa in partes tres';
const sunscreen =
  "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";

const aeads: Readonly<Record<AeadAlgorithm, AeadAnswer>> = {
  'aes-128-gcm': {
    source: 'RFC 7714 §16.1.1',
    key: '000102030405060708090a0b0c0d0e0f',
    nonce: '51753c6580c2726f20718414',
    additionalData: '8040f17b8041f8d35501a0b2',
    plaintext: gallia,
    sealed:
      'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce',
  },
  'aes-256-gcm': {
    source: 'RFC 7714 §16.2.1',
    key: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    nonce: '51753c6580c2726f20718414',
    additionalData: '8040f17b8041f8d35501a0b2',
    plaintext: gallia,
    sealed:
      '32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13',
  },
  'chacha20-poly1305': {
    source: 'RFC 8439 §2.8.2',
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    additionalData: '50515253c0c1c2c3c4c5c6c7',
    plaintext: sunscreen,
    sealed: `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e06
      0b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586ce
      c64b61161ae10b594f09e26a7e902ecbd0600691`,
  },
};

interface EcdhAnswer {
  readonly source: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly peer: string;
  readonly secret: string;
}

const ecdhs: Readonly<Record<Ecdh, EcdhAnswer>> = {
  x25519: {
    source: 'RFC 7748 §6.1',
    privateKey: '77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a',
    publicKey: '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    peer: 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    secret: '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
  },
  secp256r1: {
    source: 'RFC 5903 §8.1',
    privateKey: 'c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433',
    publicKey:
      '04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
    peer: '04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab',
    secret: 'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
  },
  secp384r1: {
    source: 'RFC 5903 §8.2',
    privateKey: '099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194',
    publicKey:
      '04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c',
    peer: '04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c',
    secret: '11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746',
  },
  secp521r1: {
    source: 'RFC 5903 §8.3',
    privateKey:
      '0037ade9319a89f4dabdb3ef411aaccca5123c61acab57b5393dce47608172a095aa85a30fe1c2952c6771d937ba9777f5957b2639bab072462f68c27a57382d4a52',
    publicKey:
      '040015417e84dbf28c0ad3c278713349dc7df153c897a1891bd98bab4357c9ecbee1e3bf42e00b8e380aeae57c2d107564941885942af5a7f4601723c4195d176ced3e017cae20b6641d2eeb695786d8c946146239d099e18e1d5a514c739d7cb4a10ad8a788015ac405d7799dc75e7b7d5b6cf2261a6a7f1507438bf01beb6ca3926f9582',
    peer: '0400d0b3975ac4b799f5bea16d5e13e9af971d5e9b984c9f39728b5e5739735a219b97c356436adc6e95bb0352f6be64a6c2912d4ef2d0433ced2b6171640012d9460f015c68226383956e3bd066e797b623c27ce0eac2f551a10c2c724d9852077b87220b6536c5c408a1d2aebb8e86d678ae49cb57091f4732296579ab44fcd17f0fc56a',
    secret:
      '01144c7d79ae6956bc8edb8e7c787c4521cb086fa64407f97894e5e6b2d79b04d1427e73ca4baa240a34786859810c06b3c715a3a8cc3151f2bee417996d19f3ddea',
  },
};

export const knownAnswerCases: readonly ProviderCase[] = [
  ...hashes.map(([algorithm, digest]): ProviderCase => ({
    id: `known-answer/${algorithm}`,
    title: `RFC 6234 §8.5 ${algorithm} of “abc”`,
    run: (provider) => expect(hex(provider.hash(algorithm, asciiBytes('abc')))).toBe(digest),
  })),
  {
    id: 'known-answer/sha1',
    title: 'RFC 3174 §7.3 SHA-1 of “abc”',
    run: (provider) => expect(hex(provider.sha1(asciiBytes('abc')))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d'),
  },
  ...macs.map(([algorithm, ofShortKey, ofLongKey]): ProviderCase => ({
    id: `known-answer/hmac-${algorithm}`,
    title: `RFC 4231 §4.3, §4.7 HMAC with ${algorithm}`,
    run(provider) {
      const out = new Uint8Array(hashLength[algorithm]);
      provider.hmac(algorithm, asciiBytes('Jefe'), asciiBytes('what do ya want for nothing?'), out);
      expect(hex(out)).toBe(ofShortKey);
      const input = asciiBytes('Test Using Larger Than Block-Size Key - Hash Key First');
      provider.hmac(algorithm, new Uint8Array(131).fill(0xaa), input, out);
      expect(hex(out)).toBe(ofLongKey);
    },
  })),
  ...(Object.entries(aeads) as readonly [AeadAlgorithm, AeadAnswer][]).map(([algorithm, answer]): ProviderCase => ({
    id: `known-answer/${algorithm}`,
    title: `${answer.source} ${algorithm}`,
    run(provider) {
      const aead = provider.createAead(algorithm, fromHex(answer.key));
      const plaintext = asciiBytes(answer.plaintext);
      const sealed = new Uint8Array(plaintext.length + 16);
      aead.seal(fromHex(answer.nonce), fromHex(answer.additionalData), plaintext, sealed);
      expect(hex(sealed)).toBe(hex(fromHex(answer.sealed)));
    },
  })),
  ...(Object.entries(ecdhs) as readonly [Ecdh, EcdhAnswer][]).map(([algorithm, answer]): ProviderCase => ({
    id: `known-answer/${algorithm}`,
    title: `${answer.source} ${algorithm}`,
    async run(provider) {
      const share = provider.generateKeyShare(algorithm, fromHex(answer.privateKey));
      expect(hex(share.publicKey)).toBe(answer.publicKey);
      expect(hex(await share.deriveSharedSecret(fromHex(answer.peer)))).toBe(answer.secret);
    },
  })),
  ...ecdsaAnswers.map(({ key, hash, r, s, source }): ProviderCase => ({
    id: `known-answer/ecdsa-${key.name}`,
    title: `${source} a signature by ${key.name} over “sample”`,
    async run(provider) {
      const publicKey = provider.importPublicKey(await publicInfoOf(key));
      const signature = derElement(DerTag.sequence, positiveInteger(fromHex(r)), positiveInteger(fromHex(s)));
      expect(await publicKey.verify({ type: 'ecdsa', hash }, asciiBytes('sample'), signature)).toBe(true);
      expect(await publicKey.verify({ type: 'ecdsa', hash }, asciiBytes('test'), signature)).toBe(false);
    },
  })),
  {
    id: 'known-answer/ed25519',
    title: 'RFC 8032 §7.1 test 2, a signature over one byte',
    async run(provider) {
      const key = provider.importPrivateKey(privateInfoOf(testKeys.ed25519));
      expect(hex(await key.sign({ type: 'ed25519' }, Uint8Array.of(0x72)))).toBe(ed25519Signature);
    },
  },
  {
    id: 'known-answer/rsa-pkcs1',
    title: 'RFC 7515 §A.2 an RS256 signature',
    async run(provider) {
      const key = provider.importPrivateKey(privateInfoOf(testKeys.rsa));
      const signature = await key.sign({ type: 'rsa-pkcs1', hash: 'sha256' }, asciiBytes(rs256Input));
      expect(hex(signature)).toBe(hex(fromBase64(rs256Signature)));
    },
  },
  {
    id: 'known-answer/rsa-pss',
    title: 'RFC 7520 §4.2 a PS384 signature',
    async run(provider) {
      const modulus = fromBase64(ps384Modulus);
      const spki = rsaSpki(modulus, Uint8Array.of(1, 0, 1));
      const key = provider.importPublicKey(parseSpki(spki));
      const signature = fromBase64(ps384Signature);
      expect(await key.verify({ type: 'rsa-pss', hash: 'sha384' }, asciiBytes(ps384Input), signature)).toBe(true);
      expect(await key.verify({ type: 'rsa-pss', hash: 'sha256' }, asciiBytes(ps384Input), signature)).toBe(false);
    },
  },
  ...mlDsaAnswers.map(([key, digest]): ProviderCase => ({
    id: `known-answer/${key.name}`,
    title: `RFC 9881 §C.1 the public key of ${key.name} from the seed 00 01 02 …`,
    async run(provider) {
      const spki = await provider.importPrivateKey(privateInfoOf(key)).publicKeySpki;
      expect(hex(reference.hash('sha256', spki))).toBe(digest);
    },
  })),
];
