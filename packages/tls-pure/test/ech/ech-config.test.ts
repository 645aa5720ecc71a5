import { describe, expect, test } from 'vitest';
import { concatBytes, Writer } from '@org/tls-core/backend';
import {
  decodeEchConfig,
  decodeEchConfigList,
  decodeRetryConfigs,
  encodeEchConfig,
  encodeEchConfigList,
  isPublicName,
  readEchConfigOption,
  refusalOf,
  selectEchConfig,
} from '../../src/ech/ech-config.ts';
import { HpkeAeadId, HpkeKdfId, HpkeKemId } from '../../src/ech/hpke-algorithms.ts';
import { thrown } from '@org/pki';
import { ascii } from './support.ts';

const aes = { kdfId: HpkeKdfId.hkdfSha256, aeadId: HpkeAeadId.aes128Gcm };
const chaCha = { kdfId: HpkeKdfId.hkdfSha256, aeadId: HpkeAeadId.chacha20Poly1305 };

const contents = {
  configId: 7,
  kemId: HpkeKemId.dhkemX25519HkdfSha256,
  publicKey: new Uint8Array(32).fill(9),
  cipherSuites: [aes, chaCha],
  maximumNameLength: 42,
  publicName: 'public.example',
};
const config = encodeEchConfig(contents);
const otherVersion = Uint8Array.of(0xfe, 0x0a, 0, 3, 1, 2, 3);

/** A config with extensions, or with other bytes where they stand. */
function withExtensions(extensions: Uint8Array): Uint8Array {
  return new Writer()
    .uint16(0xfe0d)
    .vector16((each) => each.bytes(config.subarray(4, -2)).vector16(() => each.bytes(extensions)))
    .finish();
}

describe('ECHConfigList (RFC 9849 §4)', () => {
  test('gives back what was encoded, with the raw bytes of each config', () => {
    const second = encodeEchConfig({ ...contents, configId: 8 });
    const configs = decodeEchConfigList(encodeEchConfigList([config, second]));
    expect(configs).toEqual([
      { ...contents, extensionTypes: [], raw: config },
      { ...contents, configId: 8, extensionTypes: [], raw: second },
    ]);
  });

  test('is laid out as in the RFC', () => {
    expect([...config.subarray(0, 11)]).toEqual([0xfe, 0x0d, 0, 65, 7, 0, 0x20, 0, 32, 9, 9]);
    expect([...config.subarray(41)]).toEqual([0, 8, 0, 1, 0, 1, 0, 1, 0, 3, 42, 14, ...ascii('public.example'), 0, 0]);
  });

  test('reads one that is in use: that of cloudflare-ech.com, from DNS', () => {
    const list = Buffer.from(
      'AEX+DQBBNAAgACBEVvV6qv+2EGSHksMVtzMtBb0W4uDonEFEC5F+QK8lNAAEAAEAAQASY2xvdWRmbGFyZS1lY2guY29tAAA=',
      'base64',
    );
    const [decoded, ...surplus] = decodeEchConfigList(list);
    expect(surplus).toEqual([]);
    expect(decoded).toMatchObject({
      configId: 0x34,
      kemId: 0x0020,
      cipherSuites: [{ kdfId: 1, aeadId: 1 }],
      maximumNameLength: 0,
      publicName: 'cloudflare-ech.com',
    });
    expect(selectEchConfig(decodeEchConfigList(list), false)?.suite.aeadId).toBe(HpkeAeadId.aes128Gcm);
  });

  test('skips configs of other versions, whatever they hold', () => {
    const list = encodeEchConfigList([otherVersion, config, otherVersion]);
    expect(decodeEchConfigList(list).map(({ configId }) => configId)).toEqual([7]);
    expect(decodeEchConfigList(encodeEchConfigList([otherVersion]))).toEqual([]);
  });

  test('does not change when the bytes it was decoded from do', () => {
    const list = encodeEchConfigList([config]);
    const [decoded] = decodeEchConfigList(list);
    list.fill(0);
    expect(decoded?.raw).toEqual(config);
  });

  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array(0)],
    ['no config', encodeEchConfigList([])],
    ['a byte too many', concatBytes([encodeEchConfigList([config]), Uint8Array.of(0)])],
    ['a byte too few', encodeEchConfigList([config]).subarray(0, -1)],
    ['a config that ends early', encodeEchConfigList([config.subarray(0, -1)])],
    ['a config with contents left over', encodeEchConfigList([concatBytes([config, Uint8Array.of(0)]).with(3, 66)])],
    ['an empty public key', encodeEchConfigList([encodeEchConfig({ ...contents, publicKey: new Uint8Array(0) })])],
    ['no cipher suite', encodeEchConfigList([encodeEchConfig({ ...contents, cipherSuites: [] })])],
    ['an empty public name', encodeEchConfigList([encodeEchConfig({ ...contents, publicName: '' })])],
    ['an extension that ends early', encodeEchConfigList([withExtensions(Uint8Array.of(0, 1, 0, 1))])],
    ['another version that ends early', encodeEchConfigList([otherVersion.subarray(0, -1)])],
  ];

  test.each(malformed)('refuses %s: ERR_TLS_CONFIG for an option, decode_error from a server', (_case, list) => {
    expect(thrown(() => readEchConfigOption(list))).toMatchObject({ code: 'ERR_TLS_CONFIG', option: 'echConfigList' });
    expect(thrown(() => decodeRetryConfigs(list))).toMatchObject({ code: 'ERR_TLS_DECODE', alert: 50 });
  });

  test('§6.1.6 gives retry configs as they came', () => {
    const list = encodeEchConfigList([otherVersion, config]);
    expect(decodeRetryConfigs(list)).toEqual(list);
  });

  test('refuses a single config of another version', () => {
    expect(thrown(() => decodeEchConfig(otherVersion)).code).toBe('ERR_TLS_DECODE');
  });
});

describe('the choice of a config (RFC 9849 §6.1)', () => {
  const unusable: readonly (readonly [string, Uint8Array])[] = [
    ['a mandatory extension that is unknown (§4.2)', withExtensions(Uint8Array.of(0x8a, 0xaa, 0, 0))],
    ['a public name that is no host name', encodeEchConfig({ ...contents, publicName: 'dot.' })],
    ['a KEM that is unknown', encodeEchConfig({ ...contents, kemId: 0x7777 })],
    ['a public key of the wrong length', encodeEchConfig({ ...contents, publicKey: new Uint8Array(31) })],
    ['a KDF that is unknown', encodeEchConfig({ ...contents, cipherSuites: [{ ...aes, kdfId: 9 }] })],
    ['an AEAD that is unknown', encodeEchConfig({ ...contents, cipherSuites: [{ ...aes, aeadId: 0xffff }] })],
  ];

  test.each(unusable)('passes over one with %s', (_case, bytes) => {
    expect(refusalOf(decodeEchConfig(bytes))).toMatch(/^(?:its|none) /u);
    const configs = decodeEchConfigList(encodeEchConfigList([bytes, config]));
    expect(selectEchConfig(configs, true)?.config.raw).toEqual(config);
    expect(selectEchConfig(configs.slice(0, 1), true)).toBeUndefined();
  });

  test('takes the first, and ignores an extension that is unknown and not mandatory', () => {
    const first = withExtensions(Uint8Array.of(0x0a, 0xaa, 0, 1, 5));
    const configs = decodeEchConfigList(encodeEchConfigList([first, config]));
    expect(selectEchConfig(configs, true)).toEqual({ config: configs[0], suite: { kemId: contents.kemId, ...aes } });
  });

  test('prefers ChaCha20-Poly1305 where AES is not done by hardware', () => {
    const configs = decodeEchConfigList(encodeEchConfigList([config]));
    expect(selectEchConfig(configs, false)?.suite).toEqual({ kemId: contents.kemId, ...chaCha });
  });

  test.each([
    'a',
    'public.example',
    'A-1.example',
    'xn--bcher-kva.example',
    '1.example',
    '0x1.a',
    `${'a'.repeat(63)}.b`,
  ])('§4 takes %s as a public name', (name) => {
    expect(isPublicName(name)).toBe(true);
  });

  test.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '-a.b',
    'a-.b',
    'a_b.c',
    'a b',
    'bücher.example',
    `${'a'.repeat(64)}.b`,
    '127.0.0.1',
    '1',
    'example.1',
    'example.0x',
    'example.0XfF',
    '::1',
  ])('§4 refuses %j as a public name', (name) => {
    expect(isPublicName(name)).toBe(false);
  });
});
