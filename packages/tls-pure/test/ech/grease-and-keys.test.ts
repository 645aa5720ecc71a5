import { describe, expect, test } from 'vitest';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { nodeCrypto } from '@org/tls-crypto/node';
import { decodeEchClientHello, type EchClientHelloOuter } from '../../src/ech/extension.ts';
import { decodeEchConfig, decodeEchConfigList, encodeEchConfig, selectEchConfig } from '../../src/ech/ech-config.ts';
import { greaseEch, greasePreSharedKey } from '../../src/ech/grease.ts';
import { generateEchKey, loadEchKeys } from '../../src/ech/keys.ts';
import type { Extension } from '../../src/wire/extension.ts';
import { Writer } from '@org/tls-core/backend';
import { thrown } from '@org/pki';
import { counter, providers } from './support.ts';

function outerOf({ body }: Extension): EchClientHelloOuter {
  const ech = decodeEchClientHello(body);
  if (ech.type !== 'outer') throw new Error('expected an outer one');
  return ech;
}

describe('GREASE (RFC 9849 §6.2)', () => {
  test('looks like a real one', () => {
    const ech = outerOf(greaseEch(nodeCrypto));
    expect(ech.cipherSuite).toEqual({ kdfId: 1, aeadId: 1 });
    expect(ech.enc).toHaveLength(32);
    expect([144, 176, 208, 240]).toContain(ech.payload.length);
    // a public key that a server could use
    expect(() => nodeCrypto.generateKeyShare('x25519').deriveSharedSecret(ech.enc)).not.toThrow();
  });

  test('offers ChaCha20-Poly1305 where AES is not done by hardware', () => {
    expect(outerOf(greaseEch(nobleCrypto)).cipherSuite).toEqual({ kdfId: 1, aeadId: 3 });
  });

  test('differs each time, and not with the same randomness', () => {
    expect(greaseEch(nodeCrypto)).not.toEqual(greaseEch(nodeCrypto));
    const share = nodeCrypto.generateKeyShare('x25519');
    expect(greaseEch(nodeCrypto, counter(), share)).toEqual(greaseEch(nodeCrypto, counter(), share));
  });

  test('§6.1.2 has a pre_shared_key as long as the real one, and none of its bytes', () => {
    const real = new Writer()
      .vector16((list) => list.vector16(() => list.bytes(new Uint8Array(100).fill(0xaa))).bytes(new Uint8Array(4)))
      .vector16((list) => list.vector8(() => list.bytes(new Uint8Array(32).fill(0xbb))))
      .finish();
    const decoy = greasePreSharedKey(real, (into) => into.fill(0xcc));
    expect(decoy.type).toBe(41);
    expect(decoy.body).toHaveLength(real.length);
    expect([...decoy.body].filter((byte) => byte === 0xcc)).toHaveLength(136);
  });
});

describe.each(providers)('a server’s keys over %s', (_name, crypto) => {
  test('are made so that clients can use them and servers load them', () => {
    const key = generateEchKey(crypto, { publicName: 'public.example', configId: 255, maximumNameLength: 0 });
    const configs = decodeEchConfigList(key.configList);
    expect(configs).toMatchObject([{ configId: 255, maximumNameLength: 0, publicName: 'public.example' }]);
    expect(selectEchConfig(configs, true)?.config.raw).toEqual(key.config);
    const loaded = loadEchKeys(crypto, [key]);
    expect(loaded.keys).toMatchObject([{ config: { configId: 255 }, privateKey: key.privateKey }]);
    expect(loaded.retryConfigs).toEqual(key.configList);
  });

  test('only those that are meant for it are retry configs', () => {
    const [old, current] = [1, 2].map((configId) => generateEchKey(crypto, { publicName: 'a.example', configId }));
    if (old === undefined || current === undefined) throw new Error('expected two');
    const { keys, retryConfigs } = loadEchKeys(crypto, [{ ...old, isRetryConfig: false }, current]);
    expect(keys).toHaveLength(2);
    expect(retryConfigs).toEqual(current.configList);
    expect(loadEchKeys(crypto, [{ ...old, isRetryConfig: false }]).retryConfigs).toBeUndefined();
  });

  const good = generateEchKey(crypto, { publicName: 'a.example', configId: 1 });
  const { raw: _raw, ...contents } = decodeEchConfig(good.config);
  const bad: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['no ECHConfig', good.configList, good.privateKey],
    ['an ECHConfig of another version', good.config.with(1, 0x0c), good.privateKey],
    ['a private key of another config', good.config, new Uint8Array(32).fill(9)],
    ['a private key that is too short', good.config, new Uint8Array(31)],
    [
      'a suite that is unknown',
      encodeEchConfig({ ...contents, cipherSuites: [...contents.cipherSuites, { kdfId: 1, aeadId: 9 }] }),
      good.privateKey,
    ],
    ['a KEM that is unknown', encodeEchConfig({ ...contents, kemId: 0x0030 }), good.privateKey],
    ['a public name that is an address', encodeEchConfig({ ...contents, publicName: '1.2.3.4' }), good.privateKey],
    [
      'an extension that is unknown',
      new Writer()
        .uint16(0xfe0d)
        .vector16((each) => each.bytes(good.config.subarray(4, -2)).bytes(Uint8Array.of(0, 4, 0, 1, 0, 0)))
        .finish(),
      good.privateKey,
    ],
  ];

  test.each(bad)('are refused with %s', (_case, config, privateKey) => {
    expect(thrown(() => loadEchKeys(crypto, [{ config, privateKey }]))).toMatchObject({
      code: 'ERR_TLS_CONFIG',
      option: 'echKeys',
    });
  });

  test('are refused when more than two share a config id: a client that is not known makes the server try each', () => {
    const keys = [7, 7, 8, 7].map((configId) => generateEchKey(nodeCrypto, { publicName: 'a.example', configId }));
    expect(loadEchKeys(crypto, keys.slice(0, 3)).keys).toHaveLength(3);
    expect(thrown(() => loadEchKeys(crypto, keys))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'echKeys' });
  });
});

test.each([
  ['publicName', { publicName: '127.0.0.1' }],
  ['publicName', { publicName: 'a.' }],
  ['configId', { publicName: 'a.example', configId: 256 }],
  ['configId', { publicName: 'a.example', configId: 1.5 }],
  ['maximumNameLength', { publicName: 'a.example', maximumNameLength: -1 }],
])('a bad %s is refused when a key is made', (option, options) => {
  expect(thrown(() => generateEchKey(nodeCrypto, options))).toMatchObject({ code: 'ERR_TLS_CONFIG', option });
});
