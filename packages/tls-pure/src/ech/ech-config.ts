import { TlsError } from '@org/tls-core';
import { asciiBytes, concatBytes, copyBytes, decodeAll, Reader, Writer } from '@org/tls-core/backend';
import { ExtensionType } from '../wire/extension.ts';
import { HpkeAeadId } from './hpke-algorithms.ts';
import { isHpkeSuiteSupported, kemOf, type HpkeSuite, type HpkeSymmetricCipherSuite } from './hpke.ts';

/** The version of this ECHConfig (RFC 9849 §4): the extension's number. */
export const echConfigVersion = ExtensionType.encryptedClientHello;

/** `ECHConfigContents` (RFC 9849 §4). */
export interface EchConfigContents {
  readonly configId: number;
  readonly kemId: number;
  readonly publicKey: Uint8Array;
  readonly cipherSuites: readonly HpkeSymmetricCipherSuite[];
  /** Longest name behind the server, as a hint for padding; 0: not known. */
  readonly maximumNameLength: number;
  /** Who answers when ECH is rejected. One character per byte, not checked: see `refusalOf`. */
  readonly publicName: string;
  /** Types of its extensions, of which we know none. */
  readonly extensionTypes: readonly number[];
}

/** One `ECHConfig` of the version that we know. */
export interface EchConfig extends EchConfigContents {
  /** The whole ECHConfig, version and length included: what HPKE's info is made of. */
  readonly raw: Uint8Array;
}

/** A config that we can use, with the suite that we would use. */
export interface EchSelection {
  readonly config: EchConfig;
  readonly suite: HpkeSuite;
}

/**
 * Decodes an `ECHConfigList`; the values own their bytes.
 * @returns those of the version that we know, in the server's order of preference
 * @throws TlsError `ERR_TLS_DECODE` when one of them, or the list, is malformed, `ERR_TLS_LIMIT` on more than 64
 */
export function decodeEchConfigList(list: Uint8Array): readonly EchConfig[] {
  return decodeAll(copyBytes(list), 'ECHConfigList', (reader) => {
    const configs = new Reader(reader.vector16(4), 'ECHConfigList');
    const known: EchConfig[] = [];
    for (let count = 0; configs.remaining > 0; count += 1) {
      if (count === maxEntries) throw new TlsError('ERR_TLS_LIMIT', `ECHConfigList: more than ${maxEntries} configs`);
      const config = readEchConfig(configs);
      if (config !== undefined) known.push(config);
    }
    return known;
  });
}

/**
 * Decodes a client's option.
 * @throws TlsError `ERR_TLS_CONFIG` when it is malformed
 */
export function readEchConfigOption(list: Uint8Array): readonly EchConfig[] {
  try {
    return decodeEchConfigList(list);
  } catch (cause) {
    throw new TlsError('ERR_TLS_CONFIG', 'echConfigList: it is not an ECHConfigList', {
      option: 'echConfigList',
      cause,
    });
  }
}

/**
 * `encrypted_client_hello` of EncryptedExtensions (RFC 9849 §6.1.6, §6.2): must be well-formed even where it is not used.
 * @returns a copy of the ECHConfigList
 * @throws TlsError `ERR_TLS_DECODE` when it is malformed
 */
export function decodeRetryConfigs(body: Uint8Array): Uint8Array {
  decodeEchConfigList(body);
  return copyBytes(body);
}

/**
 * Decodes one `ECHConfig` that the caller claims to serve.
 * @throws TlsError `ERR_TLS_DECODE` when it is malformed or of another version
 */
export function decodeEchConfig(bytes: Uint8Array): EchConfig {
  const config = decodeAll(copyBytes(bytes), 'ECHConfig', readEchConfig);
  if (config === undefined) throw new TlsError('ERR_TLS_DECODE', 'ECHConfig: it is of an unknown version');
  return config;
}

/** HPKE's info for a config (RFC 9849 §6.1.1): "tls ech", a zero, the ECHConfig. */
export function hpkeInfo(config: EchConfig): Uint8Array {
  return concatBytes([tlsEch, config.raw]);
}

const tlsEch = Uint8Array.of(0x74, 0x6c, 0x73, 0x20, 0x65, 0x63, 0x68, 0);

/** One `ECHConfig`. */
export function encodeEchConfig(config: Omit<EchConfigContents, 'extensionTypes'>): Uint8Array {
  return new Writer()
    .uint16(echConfigVersion)
    .vector16((contents) => {
      contents.uint8(config.configId).uint16(config.kemId);
      contents.vector16(() => contents.bytes(config.publicKey));
      contents.vector16(() => {
        for (const { kdfId, aeadId } of config.cipherSuites) contents.uint16(kdfId).uint16(aeadId);
      });
      contents.uint8(config.maximumNameLength);
      contents.vector8(() => contents.bytes(asciiBytes(config.publicName)));
      contents.vector16(() => contents); // extensions: none
    })
    .finish();
}

/** An `ECHConfigList` of these `ECHConfig`s. */
export function encodeEchConfigList(configs: readonly Uint8Array[]): Uint8Array {
  return new Writer()
    .vector16((list) => {
      for (const config of configs) list.bytes(config);
    })
    .finish();
}

/**
 * The first config that we can use (RFC 9849 §6.1), with the first suite of it that we have, or ChaCha20-Poly1305 where AES is not
 * done by hardware.
 * @returns `undefined` when there is none
 */
export function selectEchConfig(configs: readonly EchConfig[], hasHardwareAes: boolean): EchSelection | undefined {
  for (const config of configs) {
    const [suite] = usableSuites(config, hasHardwareAes);
    if (suite !== undefined && refusalOf(config) === undefined) return { config, suite };
  }
  return undefined;
}

/**
 * Why a client has to ignore a config (RFC 9849 §4, §4.2).
 * @returns a phrase; `undefined` when it can be used
 */
export function refusalOf(config: EchConfig): string | undefined {
  const mandatory = config.extensionTypes.find((type) => (type & mandatoryBit) !== 0);
  if (mandatory !== undefined) return `its mandatory extension 0x${mandatory.toString(16)} is unknown`;
  if (!isPublicName(config.publicName)) return 'its public_name is not a host name';
  const kem = kemOf(config.kemId);
  if (kem === undefined) return `its KEM 0x${config.kemId.toString(16)} is not supported`;
  if (config.publicKey.length !== kem.publicKeyLength) return 'its public key has not the length of its KEM’s';
  return usableSuites(config, true).length === 0 ? 'none of its cipher suites is supported' : undefined;
}

/**
 * Whether a name is dot-separated LDH labels (RFC 5890 §2.3.1) without a dot at either end, and not what a URL parser would take for
 * an IPv4 address (RFC 9849 §4).
 */
export function isPublicName(name: string): boolean {
  return name.length <= 253 && ldhLabels.test(name) && !endsInNumber.test(name);
}

/** Labels of 1 to 63 letters, digits and hyphens within; there is no underscore among them, as there may be in other host names. */
const ldhLabels = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/iu;
/** WHATWG URL, "ends in a number checker": decimal, octal or hexadecimal. */
const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)$/iu;

/** RFC 9849 §4.2: who does not know an extension with this bit must ignore the config. */
const mandatoryBit = 0x8000;

function usableSuites(config: EchConfig, hasHardwareAes: boolean): readonly HpkeSuite[] {
  const suites = config.cipherSuites.flatMap(({ kdfId, aeadId }) => {
    const suite: HpkeSuite = { kemId: config.kemId, kdfId, aeadId };
    return isHpkeSuiteSupported(suite) ? [suite] : [];
  });
  if (hasHardwareAes) return suites;
  const isChaCha = ({ aeadId }: HpkeSuite): boolean => aeadId === HpkeAeadId.chacha20Poly1305;
  return [...suites.filter(isChaCha), ...suites.filter((suite) => !isChaCha(suite))];
}

/** @returns `undefined` for another version, of which nothing but the length is known */
function readEchConfig(reader: Reader): EchConfig | undefined {
  const version = reader.uint16();
  const contents = reader.vector16();
  if (version !== echConfigVersion) return undefined;
  const headerLength = 4; // version and length
  const raw = new Uint8Array(contents.buffer, contents.byteOffset - headerLength, contents.length + headerLength);
  return { raw, ...decodeAll(contents, 'ECHConfigContents', readContents) };
}

/**
 * Configs of a list, and suites and extensions of a config: a server has two or three configs, there are nine suites and no extension yet,
 * and a server's `retry_configs` come before it is authenticated.
 */
const maxEntries = 64;

function readContents(reader: Reader): EchConfigContents {
  return {
    configId: reader.uint8(),
    kemId: reader.uint16(),
    publicKey: reader.vector16(1),
    cipherSuites: reader.list16(4, maxEntries, (each) => ({ kdfId: each.uint16(), aeadId: each.uint16() })),
    maximumNameLength: reader.uint8(),
    publicName: String.fromCharCode(...reader.vector8(1)),
    extensionTypes: reader.list16(0, maxEntries, (each) => {
      const type = each.uint16();
      each.vector16();
      return type;
    }),
  };
}
