import { encodeAlpnProtocol } from './alpn.ts';
import type { RoleCapabilities } from './capabilities.ts';
import type { CommonConfig } from './client-config.ts';
import { protocolVersions } from './protocol-version.ts';
import { TlsError } from './tls-error.ts';

/** Checks one option's value; `capabilities` are the backend's for this role. */
export type OptionRule = (value: unknown, option: string, capabilities: RoleCapabilities, backendName: string) => void;

/** One rule for each option: a missing or a surplus row does not compile. */
export type OptionRules<Config> = { readonly [Option in keyof Required<Config>]: OptionRule };

/** Applies a table of rules: unknown option, unsupported option, bad value, in this order. `undefined` means absent. */
export function checkConfig<Config extends CommonConfig>(
  config: Config,
  rules: OptionRules<Config>,
  backendName: string,
  capabilities: RoleCapabilities,
): void {
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
      throw unsupported(option, backendName, 'another backend may support it; see `capabilities`');
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

/** A list of IANA names, each of which the backend must know. */
function namesFrom(table: 'cipherSuites' | 'groups' | 'signatureSchemes'): OptionRule {
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
  if (typeof value !== 'string' && !(value instanceof Uint8Array))
    throw wrongType(option, "'system', 'default', PEM, DER or a list of them", value);
  if (typeof value === 'string' && value !== 'system' && value !== 'default' && !value.includes('-----BEGIN')) {
    throw badValue(option, "expected 'system', 'default' or PEM text; a file must be read first");
  }
};

export const identity: OptionRule = (value, option) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongType(option, 'an identity', value);
  const { certificateChain, privateKey, signer, ...rest } = value as Record<string, unknown>;
  const surplus = Object.keys(rest)[0];
  if (surplus !== undefined)
    throw new TypeError(`unknown option \`${option}.${surplus}\`; known: certificateChain, privateKey, signer`);
  const isChain =
    typeof certificateChain === 'string' ||
    (Array.isArray(certificateChain) &&
      certificateChain.length > 0 &&
      certificateChain.every((der) => der instanceof Uint8Array));
  if (!isChain)
    throw wrongType(`${option}.certificateChain`, 'PEM text or an array of DER certificates', certificateChain);
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
    externalPsk: false,
    ech: false,
  },
};
