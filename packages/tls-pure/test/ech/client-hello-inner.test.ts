import { isTlsError } from '@org/tls-core';
import { assert, boolean, integer, property, record, uint8Array, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeClientHelloInner,
  encodeClientHelloInner,
  orderForCompression,
  outerAdditionalData,
  paddingLength,
} from '../../src/ech/client-hello-inner.ts';
import { decodeEchClientHello, encodeOuterEch, innerEchExtension } from '../../src/ech/extension.ts';
import { ExtensionType, type Extension } from '../../src/wire/extension.ts';
import { encodeServerName } from '../../src/wire/extensions/server-name.ts';
import { encodeSupportedVersions, WireVersion } from '../../src/wire/extensions/supported-versions.ts';
import { decodeClientHello, encodeClientHello, type ClientHello } from '../../src/wire/messages/client-hello.ts';
import { thrown } from '@org/pki';

const innerRandom = new Uint8Array(32).fill(1);
const outerRandom = new Uint8Array(32).fill(2);
const sessionId = new Uint8Array(32).fill(3);
const cipherSuites = [0x1301, 0x1303];

const bytes = (type: number, ...body: readonly number[]): Extension => ({ type, body: Uint8Array.from(body) });
const versions = encodeSupportedVersions([WireVersion.tls13]);
const groups = bytes(ExtensionType.supportedGroups, 0, 2, 0, 29);
const schemes = bytes(ExtensionType.signatureAlgorithms, 0, 2, 4, 3);
const keyShare = bytes(ExtensionType.keyShare, 0, 5, 0, 29, 0, 1, 9);
const preSharedKey = bytes(ExtensionType.preSharedKey, 1, 2, 3);
const outerEch = encodeOuterEch({
  cipherSuite: { kdfId: 1, aeadId: 1 },
  configId: 1,
  enc: new Uint8Array(32).fill(7),
  payload: new Uint8Array(100).fill(8),
});
const outerExtensions = [
  encodeServerName('public.example'),
  groups,
  schemes,
  outerEch,
  encodeSupportedVersions([WireVersion.tls13, WireVersion.tls12]),
  keyShare,
];

const outerMessage = (extensions: readonly Extension[] = outerExtensions): Uint8Array =>
  encodeClientHello({ random: outerRandom, legacySessionId: sessionId, cipherSuites, extensions });
const outer: ClientHello = decodeClientHello(outerMessage().subarray(4));

const innerMessage = (extensions: readonly Extension[]): Uint8Array =>
  encodeClientHello({ random: innerRandom, legacySessionId: sessionId, cipherSuites, extensions });

/** An EncodedClientHelloInner as a client that may misbehave makes it. */
const encoded = (extensions: readonly Extension[], legacySessionId = new Uint8Array(0)): Uint8Array =>
  encodeClientHello({ random: innerRandom, legacySessionId, cipherSuites, extensions }).subarray(4);

const references = (...types: readonly number[]): Extension =>
  bytes(ExtensionType.echOuterExtensions, 2 * types.length, ...types.flatMap((type) => [type >> 8, type & 0xff]));

const typesOf = (clientHello: Uint8Array): readonly number[] => [...decodeClientHello(clientHello).extensions.keys()];

describe('EncodedClientHelloInner (RFC 9849 §5.1)', () => {
  const inner = innerMessage([
    encodeServerName('secret.example'),
    innerEchExtension,
    versions,
    groups,
    schemes,
    keyShare,
    preSharedKey,
  ]);

  test('leaves out what the ClientHelloOuter has, and is made whole again', () => {
    const compressed = encodeClientHelloInner(inner, outerExtensions, 0);
    expect(typesOf(trimmed(compressed))).toEqual([
      ExtensionType.serverName,
      ExtensionType.encryptedClientHello,
      ExtensionType.supportedVersions,
      ExtensionType.echOuterExtensions,
      ExtensionType.preSharedKey,
    ]);
    expect(decodeClientHelloInner(compressed, outer)).toEqual(inner);
  });

  test('is whole where the ClientHelloOuter has nothing of it', () => {
    const whole = encodeClientHelloInner(inner, [outerEch], 0);
    expect(decodeClientHelloInner(whole, decodeClientHello(outerMessage([outerEch]).subarray(4)))).toEqual(inner);
  });

  test('keeps extensions whose order or content differs from the ClientHelloOuter', () => {
    const other = innerMessage([innerEchExtension, versions, schemes, groups, bytes(ExtensionType.keyShare, 0, 0)]);
    expect(decodeClientHelloInner(encodeClientHelloInner(other, outerExtensions, 0), outer)).toEqual(other);
  });

  test('never leaves out server_name, be it the public name', () => {
    const same = innerMessage([encodeServerName('public.example'), innerEchExtension, versions]);
    const [first] = typesOf(trimmed(encodeClientHelloInner(same, outerExtensions, 0)));
    expect(first).toBe(ExtensionType.serverName);
  });

  test('its extensions can be ordered so that the most is left out', () => {
    const inAnyOrder = [keyShare, versions, preSharedKey, groups, innerEchExtension, schemes];
    expect(orderForCompression(inAnyOrder, outerExtensions)).toEqual([
      versions,
      innerEchExtension,
      groups,
      schemes,
      keyShare,
      preSharedKey,
    ]);
  });

  test('§6.1.3 has the same length for all names up to maximum_name_length, and for none', () => {
    const lengthOf = (extensions: readonly Extension[]): number =>
      encodeClientHelloInner(innerMessage([...extensions, innerEchExtension, versions]), [], 40).length;
    const lengths = [1, 2, 9, 33, 40].map((length) => lengthOf([encodeServerName('a'.repeat(length))]));
    expect(new Set([...lengths, lengthOf([])]).size).toBe(1);
    expect((lengths[0] ?? 0) % 32).toBe(0);
  });

  test.each([
    [100, 10, 20, 28],
    [100, 20, 20, 28],
    [96, 30, 20, 0],
    [97, 30, 20, 31],
    [100, undefined, 20, 60],
  ])('§6.1.3 pads %i bytes with a name of %s, of at most %i, by %i', (length, name, maximum, expected) => {
    expect(paddingLength(length, name, maximum)).toBe(expected);
    expect((length + expected) % 32).toBe(0);
  });

  test('takes any number of zeros as padding', () => {
    const whole = encoded([innerEchExtension, versions]);
    for (const count of [0, 1, 1000]) {
      const padded = new Uint8Array(whole.length + count);
      padded.set(whole);
      expect(typesOf(decodeClientHelloInner(padded, outer).subarray(4))).toHaveLength(2);
    }
  });

  test('copies legacy_session_id from the ClientHelloOuter', () => {
    const decoded = decodeClientHello(
      decodeClientHelloInner(encoded([innerEchExtension, versions]), outer).subarray(4),
    );
    expect(decoded).toMatchObject({ random: innerRandom, legacySessionId: sessionId });
    expect([...decoded.cipherSuites]).toEqual(cipherSuites);
  });

  const { supportedGroups, signatureAlgorithms, encryptedClientHello, keyShare: keyShareType } = ExtensionType;
  const illegal: readonly (readonly [string, Uint8Array])[] = [
    ['padding that is not zero', Uint8Array.of(...encoded([innerEchExtension, versions]), 0, 1)],
    ['a legacy_session_id of its own', encoded([innerEchExtension, versions], Uint8Array.of(1))],
    ['a reference to nothing', encoded([innerEchExtension, versions, references(0x1234)])],
    [
      'references out of order',
      encoded([innerEchExtension, versions, references(signatureAlgorithms, supportedGroups)]),
    ],
    ['a reference twice', encoded([innerEchExtension, versions, references(supportedGroups, supportedGroups)])],
    ['a reference to encrypted_client_hello', encoded([versions, references(encryptedClientHello)])],
    ['a reference to what it has itself', encoded([innerEchExtension, versions, keyShare, references(keyShareType)])],
    ['no encrypted_client_hello', encoded([versions])],
    ['an encrypted_client_hello of type outer', encoded([outerEch, versions])],
    ['an encrypted_client_hello with more than its type', encoded([bytes(encryptedClientHello, 1, 0), versions])],
    ['no supported_versions', encoded([innerEchExtension])],
    [
      'TLS 1.2 offered too',
      encoded([innerEchExtension, encodeSupportedVersions([WireVersion.tls13, WireVersion.tls12])]),
    ],
    ['TLS 1.2 offered too, by reference', encoded([innerEchExtension, references(ExtensionType.supportedVersions)])],
  ];

  test('RFC 8446 §4.2 refuses ech_outer_extensions twice, as it does every extension, with decode_error', () => {
    const bad = encoded([innerEchExtension, versions, references(supportedGroups), references(51)]);
    expect(thrown(() => decodeClientHelloInner(bad, outer))).toMatchObject({ alert: 50 });
  });

  test.each(illegal)('§7.1 refuses %s with illegal_parameter', (_case, bad) => {
    expect(thrown(() => decodeClientHelloInner(bad, outer))).toMatchObject({ alert: 47 });
  });

  test('§5.1 refuses an ech_outer_extensions that comes by reference with illegal_parameter', () => {
    const misplaced = outerMessage([references(supportedGroups), outerEch]);
    const bad = encoded([innerEchExtension, versions, references(ExtensionType.echOuterExtensions)]);
    const error = thrown(() => decodeClientHelloInner(bad, decodeClientHello(misplaced.subarray(4))));
    expect(error).toMatchObject({ alert: 47 });
  });

  describe('with any extensions', () => {
    const extension = record({ type: integer({ min: 0x1000, max: 0x1010 }), body: uint8Array({ maxLength: 40 }) });
    const extensions = uniqueArray(extension, { selector: ({ type }) => type, maxLength: 10 });

    test('they come back as they were', () => {
      assert(
        property(extensions, extensions, boolean(), (some, others, isOrdered) => {
          const around = [...others.filter(({ type }) => some.every((each) => each.type !== type)), ...some, outerEch];
          const own = [innerEchExtension, versions, ...some.toReversed()];
          const whole = innerMessage(isOrdered ? orderForCompression(own, around) : own);
          const itsOuter = decodeClientHello(outerMessage(around).subarray(4));
          expect(decodeClientHelloInner(encodeClientHelloInner(whole, around, 0), itsOuter)).toEqual(whole);
        }),
      );
    });

    test('bytes that were changed or cut off are accepted or refused, and nothing else happens', () => {
      const compressed = encodeClientHelloInner(inner, outerExtensions, 0);
      const outcomes = new Set<string>();
      for (let at = 0; at < compressed.length; at += 1) {
        for (const bad of [compressed.with(at, (compressed[at] ?? 0) ^ 0x11), compressed.subarray(0, at)]) {
          outcomes.add(outcomeOf(() => decodeClientHelloInner(bad, outer)));
        }
      }
      expect([...outcomes].toSorted()).toEqual(['ERR_TLS_DECODE', 'ERR_TLS_ILLEGAL_PARAMETER', 'accepted']);
    });
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['no extensions', encoded([]).subarray(0, -2)],
    ['an ech_outer_extensions without references', encoded([innerEchExtension, versions, references()])],
    ['an ech_outer_extensions of odd length', encoded([innerEchExtension, bytes(0xfd00, 3, 0, 10, 0)])],
  ])('refuses %s with decode_error', (_case, bad) => {
    expect(thrown(() => decodeClientHelloInner(bad, outer))).toMatchObject({ alert: 50 });
  });
});

describe('ClientHelloOuterAAD (RFC 9849 §5.2)', () => {
  test('is the ClientHelloOuter without header, its payload zeros', () => {
    // as it comes from a connection: a view into a larger buffer
    const buffer = new Uint8Array(4096).fill(0xee);
    const message = outerMessage();
    buffer.set(message, 100);
    const body = buffer.subarray(104, 100 + message.length);
    const ech = decodeEchClientHello(
      decodeClientHello(body).extensions.get(ExtensionType.encryptedClientHello) ?? body,
    );
    if (ech.type !== 'outer') throw new Error('expected an outer one');
    const expected = outerMessage(
      outerExtensions.map((extension) =>
        extension === outerEch ? encodeOuterEch({ ...ech, payload: new Uint8Array(100) }) : extension,
      ),
    );
    expect(outerAdditionalData(body, ech.payload)).toEqual(expected.subarray(4));
    expect(body).toEqual(message.subarray(4));
  });

  test('is refused for a payload of another message', () => {
    expect(() => outerAdditionalData(outerMessage(), new Uint8Array(4))).toThrow(RangeError);
  });
});

function outcomeOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (isTlsError(error)) return error.code;
    throw error;
  }
}

function trimmed(padded: Uint8Array): Uint8Array {
  return padded.subarray(0, padded.findLastIndex((byte) => byte !== 0) + 1);
}
