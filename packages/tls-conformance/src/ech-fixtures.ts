import type { ClientHelloInfo, EchKey, ServerConfig } from '@org/tls-core';
import { fromHex, identityOf, join, text } from './memory-pair.ts';

/** The name in the inner ClientHello; the public name is `localhost`. */
export const inner = 'www.example.test';

/** The options of a server for the inner name and the public one. */
export const byName: Partial<ServerConfig> = {
  identity: undefined as never,
  selectIdentity: ({ serverName }: ClientHelloInfo) =>
    identityOf(serverName === 'localhost' ? 'ecdsa-p256' : 'wildcard'),
};

export const first = echKey(1, 'a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209');
export const second = echKey(2, 'ce8d3ad1ccb633ec7b70c17814a5c76ecd029685050d344745ba05870e587d59');

export const third = echKey(3, '5dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22');

/** Lists of which a client can use nothing, each for another reason. */
export const unusableLists: Readonly<Record<string, Uint8Array>> = {
  'another version': listOf(edited(first, 1, 0x0c)),
  'a version of RFC 8701': listOf({ ...first, config: Uint8Array.of(0x2a, 0x2a, 0, 2, 7, 7) }),
  'another KEM': listOf(edited(first, 6, 0x7f)),
  'other suites': listOf(edited(edited(first, 44, 0x7f), 48, 0x7f)),
  'an IPv4 address as its public name': listOf(edited(first, 53, ...text('127.0.0.1'))),
  'an unknown mandatory extension': listOf(withExtension(first, 0x80, 0x01, 0x00, 0x00)),
};

/**
 * Makes a key whose private bytes are all `configId`. Its ECHConfig (RFC 9849 §4) is for `localhost`, with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256, AES-128-GCM and ChaCha20-Poly1305.
 */
function echKey(configId: number, publicKey: string): EchKey {
  const publicName = text('localhost');
  const contents = join([
    Uint8Array.of(configId, 0x00, 0x20, 0x00, 0x20),
    fromHex(publicKey),
    Uint8Array.of(0x00, 0x08, 0x00, 0x01, 0x00, 0x01, 0x00, 0x01, 0x00, 0x03),
    Uint8Array.of(0x00, publicName.length),
    publicName,
    Uint8Array.of(0x00, 0x00),
  ]);
  const config = Uint8Array.of(0xfe, 0x0d, 0x00, contents.length, ...contents);
  return { config, privateKey: new Uint8Array(32).fill(configId) };
}

export function listOf(...keys: readonly EchKey[]): Uint8Array {
  const configs = join(keys.map(({ config }) => config));
  return Uint8Array.of(configs.length >>> 8, configs.length, ...configs);
}

function edited({ config, ...rest }: EchKey, at: number, ...bytes: readonly number[]): EchKey {
  const copy = config.slice();
  copy.set(bytes, at);
  return { config: copy, ...rest };
}

/** Adds an extension to a config, whose last two bytes are the length of its extensions, of which it has none. */
function withExtension({ config, ...rest }: EchKey, ...extension: readonly number[]): EchKey {
  const longer = Uint8Array.of(...config.subarray(0, -1), extension.length, ...extension);
  longer[3] = (longer[3] ?? 0) + extension.length;
  return { config: longer, ...rest };
}
