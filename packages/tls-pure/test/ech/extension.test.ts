import { describe, expect, test } from 'vitest';
import {
  decodeEchClientHello,
  decodeHelloRetryEch,
  encodeOuterEch,
  innerEchExtension,
  unconfirmedHelloRetryEch,
} from '../../src/ech/extension.ts';
import { encryptedClientHello } from '../../src/wire/extensions/encrypted-client-hello.ts';
import { thrown } from '@org/pki';

const outer = {
  cipherSuite: { kdfId: 1, aeadId: 3 },
  configId: 0xab,
  enc: Uint8Array.of(1, 2),
  payload: Uint8Array.of(3, 4, 5),
};

describe('encrypted_client_hello (RFC 9849 §5)', () => {
  test('outer: gives back what was encoded, laid out as in the RFC', () => {
    const { type, body } = encodeOuterEch(outer);
    expect(type).toBe(0xfe0d);
    expect([...body]).toEqual([0, 0, 1, 0, 3, 0xab, 0, 2, 1, 2, 0, 3, 3, 4, 5]);
    expect(decodeEchClientHello(body)).toEqual({ type: 'outer', ...outer });
  });

  test('outer: enc may be empty, for a second ClientHello', () => {
    const second = { ...outer, enc: new Uint8Array(0) };
    expect(decodeEchClientHello(encodeOuterEch(second).body)).toEqual({ type: 'outer', ...second });
  });

  test('inner: is one byte', () => {
    expect(innerEchExtension).toEqual({ type: 0xfe0d, body: Uint8Array.of(1) });
    expect(decodeEchClientHello(innerEchExtension.body)).toEqual({ type: 'inner' });
  });

  test.each([
    ['nothing', []],
    ['an outer one without payload', [0, 0, 1, 0, 3, 0xab, 0, 0, 0, 0]],
    ['an outer one that ends early', [0, 0, 1, 0, 3, 0xab, 0, 2, 1, 2, 0, 3, 3, 4]],
    ['an outer one with a byte left over', [0, 0, 1, 0, 3, 0xab, 0, 0, 0, 1, 3, 4]],
    ['an inner one with a byte left over', [1, 0]],
  ])('refuses %s', (_case, bytes) => {
    expect(thrown(() => decodeEchClientHello(Uint8Array.from(bytes)))).toMatchObject({ code: 'ERR_TLS_DECODE' });
  });

  test('refuses a type that is neither outer nor inner', () => {
    expect(thrown(() => decodeEchClientHello(Uint8Array.of(2)))).toMatchObject({ code: 'ERR_TLS_ILLEGAL_PARAMETER' });
  });

  test('HelloRetryRequest: is 8 bytes', () => {
    expect(unconfirmedHelloRetryEch.body).toEqual(new Uint8Array(8));
    expect(decodeHelloRetryEch(new Uint8Array(8).fill(1))).toEqual(new Uint8Array(8).fill(1));
    for (const length of [0, 7, 9])
      expect(thrown(() => decodeHelloRetryEch(new Uint8Array(length))).code).toBe('ERR_TLS_DECODE');
  });

  test('EncryptedExtensions: is the ECHConfigList itself', () => {
    const retryConfigs = Uint8Array.of(1, 2);
    expect(encryptedClientHello.answer(new Uint8Array(0), { choices: { retryConfigs } })).toEqual({
      type: 0xfe0d,
      body: Uint8Array.of(1, 2),
    });
  });
});
