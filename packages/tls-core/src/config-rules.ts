import { encodeAlpnProtocol } from './alpn.ts';
import type { BackendCapabilities, RoleCapabilities } from './capabilities.ts';
import { certificateProfiles } from './certificate-profile.ts';
import type { CommonConfig } from './client-config.ts';
import { decodePinDigest } from './pin.ts';
import { protocolVersions } from './protocol-version.ts';
import { TlsError } from './tls-error.ts';

/** Checks one option's value; `capabilities` are the backend's for this role. */
export type OptionRule = (value: unknown, option: string, capabilities: RoleCapabilities, backendName: string) => void;

/** One rule for each option: a missing or a surplus row does not compile. */
export type OptionRules<Config> = { readonly [Option in keyof Required<Config>]: OptionRule };

/** Whose configuration is checked. */
export interface CheckedBackend {
  readonly name: string;
  readonly capabilities: BackendCapabilities;
  /** What would support an option that this backend does not have, in a few words for the error. */
  readonly remedies?: Readonly<Record<string, string>>;
}

/** Applies a table of rules: unknown option, unsupported option, bad value, in this order. `undefined` means absent. */
export function checkConfig<Config extends CommonConfig>(
  config: Config,
  rules: OptionRules<Config>,
  role: 'client' | 'server',
  backend: CheckedBackend,
): void {
  const { name: backendName, remedies = {} } = backend;
  const capabilities = backend.capabilities[role];
  if (typeof config !== 'object' || config === null)
    throw new TypeError(`configuration: expected an object, got ${typeName(config)}`);
  for (const [option, value] of Object.entries(config)) {
    if (value === undefined) continue;
    if (!Object.hasOwn(rules, option)) {
      throw new TypeError(`unknown option \`${option}\`; known: ${Object.keys(rules).join(', ')}`);
    }
    const rule = rules[option as keyof Config];
    rule(value, option, capabilities, backendName);
    if (!capabilities.options.includes(option)) {
      throw unsupported(option, backendName, remedies[option] ?? 'another backend may support it; see `capabilities`');
    }
  }
  const { minVersion, maxVersion } = config;
  if (minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2') {
    throw new TlsError('ERR_TLS_CONFIG', 'minVersion TLSv1.3 is above maxVersion TLSv1.2', { option: 'minVersion' });
  }
  const usable = capabilities.protocols.filter(
    (version) =>
      (minVersion === undefined || version >= minVersion) && (maxVersion === undefined || version <= maxVersion),
  );
  if (usable.length === 0) {
    const option = maxVersion === undefined ? 'minVersion' : 'maxVersion';
    throw unsupported(option, backendName, `it speaks ${capabilities.protocols.join(', ')}`);
  }
}

export const callback: OptionRule = (value, option) => {
  if (typeof value !== 'function') throw wrongType(option, 'a function', value);
};

export const flag: OptionRule = (value, option) => {
  if (typeof value !== 'boolean') throw wrongType(option, 'a boolean', value);
};

export function oneOf(...allowed: readonly string[]): OptionRule {
  return (value, option) => {
    if (typeof value !== 'string') throw wrongType(option, 'a string', value);
    if (!allowed.includes(value)) throw badValue(option, `expected one of ${allowed.join(', ')}, got ${value}`);
  };
}

/** An object of booleans with no other keys. */
export function flags(...names: readonly string[]): OptionRule {
  return (value, option) => {
    if (typeof value !== 'object' || value === null) throw wrongType(option, 'an object', value);
    for (const [name, on] of Object.entries(value)) {
      if (!names.includes(name))
        throw new TypeError(`unknown option \`${option}.${name}\`; known: ${names.join(', ')}`);
      if (on !== undefined && typeof on !== 'boolean') throw wrongType(`${option}.${name}`, 'a boolean', on);
    }
  };
}

/** An object with these methods. */
export function methods(...names: readonly string[]): OptionRule {
  return (value, option) => {
    for (const name of names) {
      if (typeof (value as Record<string, unknown> | null)?.[name] !== 'function')
        throw wrongType(option, `an object with ${name}()`, value);
    }
  };
}

/** A whole number within bounds. */
export function integer(minimum: number, maximum: number): OptionRule {
  return (value, option) => {
    if (typeof value !== 'number') throw wrongType(option, 'a number', value);
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      throw badValue(option, `expected a whole number from ${minimum} to ${maximum}, got ${value}`);
  };
}

/** An object of whole numbers, all required, with no other keys. */
export function integers(bounds: Readonly<Record<string, readonly [number, number]>>): OptionRule {
  return (value, option, capabilities, backendName) => {
    if (typeof value !== 'object' || value === null) throw wrongType(option, 'an object', value);
    for (const name of Object.keys(value))
      if (!Object.hasOwn(bounds, name))
        throw new TypeError(`unknown option \`${option}.${name}\`; known: ${Object.keys(bounds).join(', ')}`);
    for (const [name, [minimum, maximum]] of Object.entries(bounds)) {
      integer(minimum, maximum)(
        (value as Record<string, unknown>)[name],
        `${option}.${name}`,
        capabilities,
        backendName,
      );
    }
  };
}

/** An array of byte strings with these lengths. */
export function byteStrings(minimum: number, maximum: number): OptionRule {
  return (value, option) => {
    if (!Array.isArray(value)) throw wrongType(option, 'an array of Uint8Array', value);
    for (const bytes of value as readonly unknown[]) {
      if (!(bytes instanceof Uint8Array)) throw wrongType(option, 'an array of Uint8Array', bytes);
      if (bytes.length < minimum || bytes.length > maximum)
        throw badValue(option, `expected ${minimum} to ${maximum} bytes, got ${bytes.length}`);
    }
  };
}

const pins: OptionRule = (value, option) => {
  if (!Array.isArray(value)) throw wrongType(option, 'an array of pins', value);
  if (value.length === 0) throw badValue(option, 'the list is empty: no peer could be accepted');
  for (const pin of value as readonly unknown[]) {
    if (typeof pin !== 'object' || pin === null) throw wrongType(option, 'an array of pins', pin);
    const entries = Object.entries(pin as Readonly<Record<string, unknown>>);
    const [name, digest] = entries[0] ?? ['nothing', undefined];
    if (entries.length !== 1 || (name !== 'certificateSha256' && name !== 'publicKeySha256'))
      throw new TypeError(
        `${option}: expected certificateSha256 or publicKeySha256, got ${Object.keys(pin).join(', ')}`,
      );
    if (typeof digest !== 'string' && !(digest instanceof Uint8Array))
      throw wrongType(`${option}.${name}`, 'a string or Uint8Array', digest);
    decodePinDigest(digest);
  }
};

const revocation: OptionRule = (value, option, capabilities, backendName) => {
  if (typeof value !== 'object' || value === null) throw wrongType(option, 'an object', value);
  const { crls, depth, unknownStatus, ...rest } = value as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw new TypeError(`unknown option \`${option}.${unknown}\`; known: crls, depth, unknownStatus`);
  if (!Array.isArray(crls)) throw wrongType(`${option}.crls`, 'an array of PEM or DER', crls);
  if (crls.length === 0) throw badValue(`${option}.crls`, 'the list is empty');
  for (const crl of crls as readonly unknown[])
    if (typeof crl !== 'string' && !(crl instanceof Uint8Array)) throw wrongType(`${option}.crls`, 'PEM or DER', crl);
  if (depth !== undefined) oneOf('leaf', 'chain')(depth, `${option}.depth`, capabilities, backendName);
  if (unknownStatus !== undefined)
    oneOf('accept', 'reject')(unknownStatus, `${option}.unknownStatus`, capabilities, backendName);
};

/** An array of distinct words. */
export function someOf(...allowed: readonly string[]): OptionRule {
  return (value, option, capabilities, backendName) => {
    if (!Array.isArray(value)) throw wrongType(option, 'an array of strings', value);
    if (value.length === 0) throw badValue(option, 'the list is empty');
    for (const word of value as readonly unknown[]) oneOf(...allowed)(word, option, capabilities, backendName);
    if (new Set(value).size !== value.length) throw badValue(option, 'a name stands twice');
  };
}

const compressors: OptionRule = (value, option, capabilities, backendName) => {
  if (!Array.isArray(value)) throw wrongType(option, 'an array of compressors', value);
  for (const each of value as readonly (Record<string, unknown> | null)[]) {
    integer(1, 0xffff)(each?.['algorithm'], `${option}.algorithm`, capabilities, backendName);
    for (const name of ['compress', 'decompress']) {
      if (each?.[name] !== undefined) callback(each[name], `${option}.${name}`, capabilities, backendName);
    }
  }
};

const externalPsks: OptionRule = (value, option) => {
  if (!Array.isArray(value)) throw wrongType(option, 'an array of pre-shared keys', value);
  for (const each of value as readonly (Record<string, unknown> | null)[]) {
    const { identity: name, key, hash, importer } = each ?? {};
    if (!(name instanceof Uint8Array)) throw wrongType(`${option}.identity`, 'Uint8Array', name);
    if (name.length === 0 || name.length > 0xffff) throw badValue(option, 'an identity has 1 to 65535 bytes');
    if (!(key instanceof Uint8Array)) throw wrongType(`${option}.key`, 'Uint8Array', key);
    // RFC 9257 §4: 128 bits at least
    if (key.length < 16) throw badValue(option, `expected a key of at least 16 bytes, got ${key.length}`);
    if (hash !== undefined && hash !== 'sha256' && hash !== 'sha384')
      throw badValue(option, 'hash is sha256 or sha384');
    const context = (importer as { context?: unknown } | undefined)?.context;
    if (importer !== undefined && !(context instanceof Uint8Array))
      throw wrongType(`${option}.importer.context`, 'Uint8Array', context);
  }
};

export const echKeys: OptionRule = (value, option) => {
  if (!Array.isArray(value)) throw wrongType(option, 'an array of ECH keys', value);
  for (const each of value as readonly (Record<string, unknown> | null)[]) {
    for (const name of ['config', 'privateKey']) {
      if (!(each?.[name] instanceof Uint8Array)) throw wrongType(`${option}.${name}`, 'Uint8Array', each?.[name]);
    }
  }
};

/** A list of IANA names, each of which the backend must know. */
export function namesFrom(table: 'cipherSuites' | 'groups' | 'signatureSchemes'): OptionRule {
  return (value, option, capabilities, backendName) => {
    if (!Array.isArray(value)) throw wrongType(option, 'an array of IANA names', value);
    if (value.length === 0) throw badValue(option, 'the list is empty');
    const known = capabilities[table];
    for (const name of value as readonly unknown[]) {
      if (typeof name !== 'string') throw wrongType(option, 'an array of IANA names', name);
      if (!known.includes(name)) throw unsupported(option, backendName, `${name} is not among ${known.join(', ')}`);
    }
    if (new Set(value).size !== value.length) throw badValue(option, 'a name stands twice');
  };
}

export const alpnProtocols: OptionRule = (value, option) => {
  if (!Array.isArray(value)) throw wrongType(option, 'an array of strings or Uint8Array', value);
  for (const protocol of value as readonly unknown[]) {
    if (typeof protocol !== 'string' && !(protocol instanceof Uint8Array))
      throw wrongType(option, 'an array of strings or Uint8Array', protocol);
    encodeAlpnProtocol(protocol);
  }
};

export const trust: OptionRule = (value, option) => {
  if (Array.isArray(value)) {
    if (value.length === 0) throw badValue(option, 'the list is empty: no peer could be trusted');
    for (const source of value as readonly unknown[]) trust(source, option, noCapabilities, '');
    return;
  }
  if (value instanceof Uint8Array) return;
  if (typeof value === 'object' && value !== null) {
    trustAnchor(value, option);
    return;
  }
  if (typeof value !== 'string')
    throw wrongType(option, `${trustStores.join(', ')}, PEM, DER, a trust anchor or a list of them`, value);
  if (!trustStores.includes(value) && !value.includes('-----BEGIN')) {
    throw badValue(option, `expected ${trustStores.join(', ')} or PEM text; a file must be read first`);
  }
};

const trustStores: readonly string[] = ['default', 'system', 'mozilla'];

function trustAnchor(anchor: object, option: string): void {
  for (const name of Object.keys(anchor)) {
    if (!(trustAnchorFields as readonly string[]).includes(name))
      throw new TypeError(`unknown option \`${option}.${name}\`; known: ${trustAnchorFields.join(', ')}`);
  }
  const fields: Readonly<Partial<Record<(typeof trustAnchorFields)[number], unknown>>> = anchor;
  for (const name of trustAnchorFields) {
    const isAbsent = name === 'nameConstraints' && fields[name] === undefined;
    if (!isAbsent && !(fields[name] instanceof Uint8Array))
      throw wrongType(`${option}.${name}`, 'Uint8Array', fields[name]);
  }
}

const trustAnchorFields = ['subject', 'subjectPublicKeyInfo', 'nameConstraints'] as const;

const identityFields = [
  'certificateChain',
  'rawPublicKey',
  'privateKey',
  'signer',
  'signatureSchemes',
  'ocspResponse',
  'signedCertificateTimestamps',
  'mustMatchIssuer',
] as const;

export const identity: OptionRule = (value, option, capabilities, backendName) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(option, 'an identity', value);
  const fields = value as Readonly<Partial<Record<(typeof identityFields)[number], unknown>>>;
  const surplus = Object.keys(fields).find((name) => !identityFields.some((known) => known === name));
  if (surplus !== undefined)
    throw new TypeError(`unknown option \`${option}.${surplus}\`; known: ${identityFields.join(', ')}`);
  const { certificateChain, rawPublicKey, privateKey, signer, ocspResponse, signedCertificateTimestamps } = fields;
  if (rawPublicKey === undefined) chain(certificateChain, `${option}.certificateChain`, capabilities, backendName);
  else if (certificateChain !== undefined) throw badValue(option, 'expected one of certificateChain and rawPublicKey');
  else if (typeof rawPublicKey !== 'string' && !(rawPublicKey instanceof Uint8Array))
    throw wrongType(`${option}.rawPublicKey`, 'PEM text or DER', rawPublicKey);
  if ((privateKey === undefined) === (signer === undefined))
    throw badValue(option, 'expected exactly one of privateKey and signer');
  if (privateKey !== undefined && typeof privateKey !== 'string' && !(privateKey instanceof Uint8Array)) {
    throw wrongType(`${option}.privateKey`, 'PEM text or DER', privateKey);
  }
  if (signer !== undefined) {
    methods('sign')(signer, `${option}.signer`, noCapabilities, '');
    if (!Array.isArray((signer as { signatureSchemes?: unknown }).signatureSchemes))
      throw wrongType(`${option}.signer.signatureSchemes`, 'an array of IANA names', signer);
  }
  if (ocspResponse !== undefined && typeof ocspResponse !== 'function' && !(ocspResponse instanceof Uint8Array))
    throw wrongType(`${option}.ocspResponse`, 'Uint8Array or a function', ocspResponse);
  if (signedCertificateTimestamps !== undefined && !(signedCertificateTimestamps instanceof Uint8Array))
    throw wrongType(`${option}.signedCertificateTimestamps`, 'Uint8Array', signedCertificateTimestamps);
  if (fields.mustMatchIssuer !== undefined)
    flag(fields.mustMatchIssuer, `${option}.mustMatchIssuer`, capabilities, backendName);
  if (fields.signatureSchemes !== undefined)
    namesFrom('signatureSchemes')(fields.signatureSchemes, `${option}.signatureSchemes`, capabilities, backendName);
};

const chain: OptionRule = (value, option) => {
  if (typeof value === 'string') return;
  const isList = Array.isArray(value) && value.length > 0 && value.every((der) => der instanceof Uint8Array);
  if (!isList) throw wrongType(option, 'PEM text or an array of DER certificates', value);
};

export const identities: OptionRule = (value, option, capabilities, backendName) => {
  if (!Array.isArray(value)) return identity(value, option, capabilities, backendName);
  if (value.length === 0) throw badValue(option, 'the list is empty');
  for (const [index, one] of value.entries()) identity(one, `${option}[${index}]`, capabilities, backendName);
};

/** The rules of the options that both roles have. */
export const commonRules: OptionRules<CommonConfig> = {
  minVersion: oneOf(...protocolVersions),
  maxVersion: oneOf(...protocolVersions),
  cipherSuites: namesFrom('cipherSuites'),
  groups: namesFrom('groups'),
  signatureSchemes: namesFrom('signatureSchemes'),
  alpnProtocols,
  clock: callback,
  random: callback,
  keyLog: flag,
  verifyPeer: callback,
  verifyResumedPeer: flag,
  pins,
  revocation,
  certificateProfile: oneOf(...certificateProfiles),
  isPublicSuffix: callback,
  peerCertificateTypes: someOf('X509', 'RawPublicKey'),
  trustedPublicKeys: byteStrings(1, 0xffff),
  certificateCompressors: compressors,
  externalPsks,
  recordSizeLimit: integer(64, 16_384),
  maxFragmentLength: integer(64, 16_384),
  recordPadding: integer(1, 16_384),
};

function wrongType(option: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${option}: expected ${expected}, got ${typeName(value)}`);
}

function badValue(option: string, message: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `${option}: ${message}`, { option });
}

function unsupported(option: string, backendName: string, detail: string): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    `the ${backendName} backend does not support \`${option}\` as given: ${detail}`,
    { option },
  );
}

/** What a value is, without showing it: it may be a secret. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

const noCapabilities: RoleCapabilities = {
  protocols: [],
  cipherSuites: [],
  groups: [],
  signatureSchemes: [],
  options: [],
  features: {
    keyUpdate: false,
    exporter: false,
    resumption: false,
    earlyData: false,
    clientAuthentication: false,
    asyncHooks: false,
    keyLog: false,
    ocspStapling: false,
    signedCertificateTimestamps: false,
    certificateCompression: false,
    rawPublicKeys: false,
    recordSizeLimit: false,
    externalPsk: false,
    pskImporter: false,
    ticketRequest: false,
    ech: false,
  },
};
