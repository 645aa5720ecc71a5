import { describe, expect, test } from 'vitest';
import type { CryptoProvider } from '@org/tls-crypto';
import { nodeCrypto } from '@org/tls-crypto/node';
import { EchOffer, outerEchPlaceholder } from '../../src/ech/client-offer.ts';
import { orderForCompression } from '../../src/ech/client-hello-inner.ts';
import { decodeEchConfigList, selectEchConfig, type EchSelection } from '../../src/ech/ech-config.ts';
import {
  decodeEchClientHello,
  encodeOuterEch,
  innerEchExtension,
  type EchClientHelloOuter,
} from '../../src/ech/extension.ts';
import { greaseEch } from '../../src/ech/grease.ts';
import { generateEchKey, loadEchKeys } from '../../src/ech/keys.ts';
import { openClientHello, type OpenedEch, type ReceivedClientHello } from '../../src/ech/server-open.ts';
import { ExtensionType, type Extension } from '../../src/wire/extension.ts';
import { encodeClientKeyShares } from '../../src/wire/extensions/key-share.ts';
import { encodeServerName } from '../../src/wire/extensions/server-name.ts';
import { encodeSupportedVersions, WireVersion } from '../../src/wire/extensions/supported-versions.ts';
import { decodeClientHello, encodeClientHello } from '../../src/wire/messages/client-hello.ts';
import { providers, rejection } from './support.ts';

const generated = generateEchKey(nodeCrypto, { publicName: 'public.example', configId: 5 });
const { keys } = loadEchKeys(nodeCrypto, [generated]);

function select(configList: Uint8Array): EchSelection {
  const selection = selectEchConfig(decodeEchConfigList(configList), true);
  if (selection === undefined) throw new Error('expected a config that can be used');
  return selection;
}

const common = { legacySessionId: new Uint8Array(32).fill(3), cipherSuites: [0x1301] };
const shared = (group: number): readonly Extension[] => [
  encodeSupportedVersions([WireVersion.tls13]),
  encodeClientKeyShares([{ group, keyExchange: new Uint8Array(32).fill(4) }]),
];

/** A client's two hellos, before they are sealed. */
function hellos(group: number): { inner: Uint8Array; outer: Parameters<EchOffer['seal']>[1] } {
  const outer = {
    ...common,
    random: new Uint8Array(32).fill(2),
    extensions: [encodeServerName('public.example'), outerEchPlaceholder, ...shared(group)],
  };
  const own = [innerEchExtension, encodeServerName('secret.example'), ...shared(group)];
  const extensions = orderForCompression(own, outer.extensions);
  return { inner: encodeClientHello({ ...common, random: new Uint8Array(32).fill(1), extensions }), outer };
}

function received(raw: Uint8Array): ReceivedClientHello {
  return { hello: decodeClientHello(raw.subarray(4)), raw };
}

function echOf({ hello }: ReceivedClientHello): EchClientHelloOuter {
  const ech = decodeEchClientHello(hello.extensions.get(ExtensionType.encryptedClientHello) ?? new Uint8Array(0));
  if (ech.type !== 'outer') throw new Error('expected an outer one');
  return ech;
}

async function open(
  raw: Uint8Array,
  itsKeys = keys,
  crypto: CryptoProvider = nodeCrypto,
): Promise<OpenedEch | undefined> {
  const hello = received(raw);
  return openClientHello(crypto, itsKeys, hello, echOf(hello));
}

/** Both sides up to the HelloRetryRequest. */
async function started(): Promise<{ offer: EchOffer; opened: OpenedEch }> {
  const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
  const { inner, outer } = hellos(29);
  const opened = await open(await offer.seal(inner, outer));
  if (opened === undefined) throw new Error('expected it to open');
  return { offer, opened };
}

/** A message with its ECH extension changed. */
function reshaped(raw: Uint8Array, change: (ech: EchClientHelloOuter) => Extension | undefined): Uint8Array {
  const { hello } = received(raw);
  const changed = change(echOf(received(raw)));
  const extensions = Array.from(hello.extensions, ([type, body]): Extension => ({ type, body })).flatMap((extension) =>
    extension.type === ExtensionType.encryptedClientHello ? (changed ?? []) : extension,
  );
  return encodeClientHello({ ...hello, extensions });
}

describe.each(providers)('a ClientHelloInner over %s (RFC 9849 §6.1, §7.1)', (_name, crypto) => {
  test.each(['aes-128-gcm', 'chacha20-poly1305'])(
    'is sealed and opened, again after a HelloRetryRequest: %s',
    async (aead) => {
      const configs = decodeEchConfigList(generated.configList);
      const selection = selectEchConfig(configs, aead === 'aes-128-gcm');
      if (selection === undefined) throw new Error('expected a config that can be used');
      const offer = await EchOffer.start(crypto, selection);
      const first = hellos(29);
      const sealed = await offer.seal(first.inner, first.outer);
      expect([...received(sealed).hello.extensions.keys()]).toEqual(first.outer.extensions.map(({ type }) => type));
      expect(echOf(received(sealed))).toMatchObject({ configId: 5, cipherSuite: { kdfId: selection.suite.kdfId } });
      const opened = await open(sealed, keys, crypto);
      expect(opened?.clientHelloInner).toEqual(first.inner);

      const second = hellos(23);
      const sealedSecond = await offer.seal(second.inner, second.outer);
      expect(echOf(received(sealedSecond)).enc).toHaveLength(0);
      expect(await opened?.openSecond(received(sealedSecond))).toEqual(second.inner);
    },
  );
});

describe('a server (RFC 9849 §7.1)', () => {
  test('opens nothing under a suite that its config does not have, though the key would fit', async () => {
    const { config } = select(generated.configList);
    const [only] = keys.map((key) => ({ ...key, config: { ...key.config, cipherSuites: [{ kdfId: 1, aeadId: 1 }] } }));
    if (only === undefined) throw new Error('there is no key');
    for (const aeadId of [1, 3]) {
      const offer = await EchOffer.start(nodeCrypto, { config, suite: { kemId: config.kemId, kdfId: 1, aeadId } });
      const { inner, outer } = hellos(29);
      const opened = await open(await offer.seal(inner, outer), [only]);
      expect(opened?.clientHelloInner).toEqual(aeadId === 1 ? inner : undefined);
    }
  });

  test('tries all keys that share the config id', async () => {
    const other = generateEchKey(nodeCrypto, { publicName: 'public.example', configId: 5 });
    const third = generateEchKey(nodeCrypto, { publicName: 'public.example', configId: 6 });
    const both = loadEchKeys(nodeCrypto, [third, other, generated]).keys;
    const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
    const { inner, outer } = hellos(29);
    expect((await open(await offer.seal(inner, outer), both))?.clientHelloInner).toEqual(inner);
  });

  test.each<readonly [string, (ech: EchClientHelloOuter) => Extension]>([
    ['of another config id', (ech) => encodeOuterEch({ ...ech, configId: 6 })],
    ['of a suite that the config has not', (ech) => encodeOuterEch({ ...ech, cipherSuite: { kdfId: 2, aeadId: 1 } })],
    ['of another suite that the config has', (ech) => encodeOuterEch({ ...ech, cipherSuite: { kdfId: 1, aeadId: 3 } })],
    ['with a short enc', (ech) => encodeOuterEch({ ...ech, enc: ech.enc.subarray(1) })],
    ['with an enc that gives no secret', (ech) => encodeOuterEch({ ...ech, enc: new Uint8Array(32) })],
    [
      'with a payload that was changed',
      (ech) => encodeOuterEch({ ...ech, payload: ech.payload.with(0, 1).with(1, 2) }),
    ],
    ['with a payload shorter than a tag', (ech) => encodeOuterEch({ ...ech, payload: Uint8Array.of(1) })],
    ['that is a decoy', () => greaseEch(nodeCrypto)],
  ])('rejects one %s', async (_case, change) => {
    const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
    const { inner, outer } = hellos(29);
    expect(await open(reshaped(await offer.seal(inner, outer), change))).toBeUndefined();
  });

  test('rejects one whose ClientHelloOuter was changed', async () => {
    const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
    const { inner, outer } = hellos(29);
    const sealed = await offer.seal(inner, outer);
    expect(await open(sealed.with(10, 0xff))).toBeUndefined();
  });

  test('refuses one that opens to no ClientHelloInner', async () => {
    const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
    const { outer } = hellos(29);
    const notInner = encodeClientHello({ ...common, random: new Uint8Array(32), extensions: shared(29) });
    expect(await rejection(open(await offer.seal(notInner, outer)))).toMatchObject({ alert: 47 });
  });

  const ofSecond: readonly (readonly [string, (ech: EchClientHelloOuter) => Extension | undefined, number])[] = [
    ['without ECH: missing_extension', () => undefined, 109],
    ['of type inner: illegal_parameter', () => innerEchExtension, 47],
    ['of another config id: illegal_parameter', (ech) => encodeOuterEch({ ...ech, configId: 6 }), 47],
    ['of another KDF', (ech) => encodeOuterEch({ ...ech, cipherSuite: { ...ech.cipherSuite, kdfId: 2 } }), 47],
    ['of another AEAD', (ech) => encodeOuterEch({ ...ech, cipherSuite: { ...ech.cipherSuite, aeadId: 3 } }), 47],
    ['with an enc: illegal_parameter', (ech) => encodeOuterEch({ ...ech, enc: new Uint8Array(32).fill(9) }), 47],
    ['that does not open: decrypt_error', (ech) => encodeOuterEch({ ...ech, payload: new Uint8Array(99) }), 51],
  ];

  test.each(ofSecond)('§7.1.1 refuses a second one %s', async (_case, change, alert) => {
    const { offer, opened } = await started();
    const { inner, outer } = hellos(23);
    const second = reshaped(await offer.seal(inner, outer), change);
    expect(await rejection(opened.openSecond(received(second)))).toMatchObject({ alert });
  });

  test('§7.1.1 refuses the first one again', async () => {
    const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
    const { inner, outer } = hellos(29);
    const first = await offer.seal(inner, outer);
    const opened = await open(first);
    const again = reshaped(first, (ech) => encodeOuterEch({ ...ech, enc: new Uint8Array(0) }));
    expect(await rejection(opened?.openSecond(received(again)) ?? Promise.resolve())).toMatchObject({ alert: 51 });
  });
});

test('a client can repeat its first extension, where a HelloRetryRequest rejects ECH', async () => {
  const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
  expect(() => offer.first).toThrow(RangeError);
  const { inner, outer } = hellos(29);
  const { hello } = received(await offer.seal(inner, outer));
  expect(offer.first.body).toEqual(hello.extensions.get(ExtensionType.encryptedClientHello));
  await offer.seal(inner, outer);
  expect(offer.first.body).toEqual(hello.extensions.get(ExtensionType.encryptedClientHello));
});

test('a ClientHelloOuter without a place for ECH is a fault of the caller', async () => {
  const offer = await EchOffer.start(nodeCrypto, select(generated.configList));
  const { inner, outer } = hellos(29);
  await expect(offer.seal(inner, { ...outer, extensions: shared(29) })).rejects.toThrow(RangeError);
});
