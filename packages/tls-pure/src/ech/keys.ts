import { TlsError, type EchKey } from '@org/tls-core';
import { ownOptions, copyBytes, equalBytes } from '@org/tls-core/backend';
import type { CryptoProvider } from '@org/tls-crypto';
import {
  decodeEchConfig,
  encodeEchConfig,
  encodeEchConfigList,
  isPublicName,
  refusalOf,
  type EchConfig,
} from './ech-config.ts';
import { HpkeAeadId, HpkeKdfId, HpkeKemId } from './hpke-algorithms.ts';
import { generateKeyPair, isHpkeSuiteSupported, kemOf, publicKeyOf } from './hpke.ts';

export interface EchKeyOptions {
  /** The host name that the server can also prove, and that everybody sees. */
  readonly publicName: string;
  /** 0 to 255, different from those of the server's other keys; default: random. */
  readonly configId?: number;
  /** Length of the longest name behind the server, 0 to 255: shorter ones are padded to it; default 64. */
  readonly maximumNameLength?: number;
}

/** A key for a server, and what its clients need. */
export interface GeneratedEchKey extends EchKey {
  /** The `ECHConfigList` to publish, e.g. as `ech` of an HTTPS record (RFC 9848). */
  readonly configList: Uint8Array;
}

/**
 * Makes a key for Encrypted Client Hello: X25519, HKDF-SHA256, AES-128-GCM or ChaCha20-Poly1305 or AES-256-GCM.
 * @throws TlsError `ERR_TLS_CONFIG` on a bad option
 */
export function generateEchKey(crypto: CryptoProvider, options: EchKeyOptions): GeneratedEchKey {
  const own = ownOptions(options, ['publicName', 'configId', 'maximumNameLength']);
  const { publicName, configId = randomByte(crypto), maximumNameLength = 64 } = own;
  if (!isPublicName(publicName)) throw badOption('publicName', 'expected a host name in ASCII');
  checkByte(configId, 'configId');
  checkByte(maximumNameLength, 'maximumNameLength');
  const kemId = HpkeKemId.dhkemX25519HkdfSha256;
  const { publicKey, privateKey } = generateKeyPair(crypto, kemId);
  const cipherSuites = [HpkeAeadId.aes128Gcm, HpkeAeadId.chacha20Poly1305, HpkeAeadId.aes256Gcm].map((aeadId) => ({
    kdfId: HpkeKdfId.hkdfSha256,
    aeadId,
  }));
  const config = encodeEchConfig({ configId, kemId, publicKey, cipherSuites, maximumNameLength, publicName });
  return { config, configList: encodeEchConfigList([config]), privateKey };
}

/** A server's key, checked. */
export interface EchServerKey {
  readonly config: EchConfig;
  /** Owned by the key; lives as long as the context. */
  readonly privateKey: Uint8Array;
}

/** All of a server's keys, and what it tells clients that had none of them. */
export interface EchServerKeys {
  readonly keys: readonly EchServerKey[];
  /** An `ECHConfigList`; `undefined`: clients are told to go on without ECH (RFC 9849 §6.1.6). */
  readonly retryConfigs: Uint8Array | undefined;
}

/**
 * How many keys may share a config id. A ClientHello that none of them opens costs a key exchange for each, before the client is known; two
 * are enough for a new key that got the id of the old one by chance.
 */
const maxKeysOfOneId = 2;

/**
 * Checks the server's option. A server promises to do all that its config says, so that one with anything unknown is refused.
 * @throws TlsError `ERR_TLS_CONFIG` on a config that is malformed, is not of this key, or has parts that are not supported, and when more than
 *   two keys share a config id
 */
export function loadEchKeys(crypto: CryptoProvider, keys: readonly EchKey[]): EchServerKeys {
  const loaded = keys.map(({ config, privateKey }) => loadEchKey(crypto, config, privateKey));
  refuseCrowdedIds(loaded);
  const retryConfigs = loaded.flatMap(({ config }, index) =>
    keys[index]?.isRetryConfig === false ? [] : [config.raw],
  );
  return { keys: loaded, retryConfigs: retryConfigs.length === 0 ? undefined : encodeEchConfigList(retryConfigs) };
}

function refuseCrowdedIds(keys: readonly EchServerKey[]): void {
  const counts = new Map<number, number>();
  for (const { config } of keys) {
    const count = (counts.get(config.configId) ?? 0) + 1;
    if (count > maxKeysOfOneId)
      throw badOption(
        'echKeys',
        `more than ${maxKeysOfOneId} keys have the config id ${config.configId}: give one another id`,
      );
    counts.set(config.configId, count);
  }
}

function loadEchKey(crypto: CryptoProvider, configBytes: Uint8Array, privateKey: Uint8Array): EchServerKey {
  const config = parse(configBytes);
  const refusal = refusalOf(config) ?? refusalToServe(config);
  if (refusal !== undefined) throw badOption('echKeys', `the config cannot be served: ${refusal}`);
  const kem = kemOf(config.kemId);
  const isPair = kem?.privateKeyLength === privateKey.length && equalBytes(publicKey(), config.publicKey);
  if (!isPair) throw badOption('echKeys', 'the private key does not belong to the config');
  return { config, privateKey: copyBytes(privateKey) };

  function publicKey(): Uint8Array {
    try {
      return kem === undefined ? new Uint8Array(0) : publicKeyOf(crypto, kem, privateKey);
    } catch (cause) {
      throw badOption('echKeys', 'the private key is not one of its KEM', cause);
    }
  }
}

function parse(configBytes: Uint8Array): EchConfig {
  try {
    return decodeEchConfig(configBytes);
  } catch (cause) {
    throw badOption('echKeys', 'the config is not an ECHConfig', cause);
  }
}

function refusalToServe({ extensionTypes, kemId, cipherSuites }: EchConfig): string | undefined {
  const [extension] = extensionTypes;
  if (extension !== undefined) return `its extension 0x${extension.toString(16)} is unknown`;
  const unknown = cipherSuites.find((suite) => !isHpkeSuiteSupported({ kemId, ...suite }));
  return unknown && `its cipher suite of KDF ${unknown.kdfId} and AEAD ${unknown.aeadId} is not supported`;
}

function checkByte(value: number, option: string): void {
  if (!Number.isInteger(value) || value < 0 || value > 255)
    throw badOption(option, `expected a whole number from 0 to 255, got ${value}`);
}

function randomByte(crypto: CryptoProvider): number {
  const byte = new Uint8Array(1);
  crypto.randomFill(byte);
  return byte[0] ?? 0;
}

function badOption(option: string, message: string, cause?: unknown): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `${option}: ${message}`, { option, cause });
}
