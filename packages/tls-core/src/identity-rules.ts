import type { Identity, Signer } from './identity.ts';
import { badValue, wrongType } from './option-error.ts';
import { bytes, flag, listOf, methods, namesFrom, fileContents, type OptionRule } from './option-rule.ts';
import { kindOfText, looksLikePem } from './pem.ts';
import { certificatesIn } from './pem-or-der.ts';
import { ownOptions, propertyOf, frozenCopy } from './own-options.ts';
import { TlsError } from './tls-error.ts';

/** Reads the signature schemes that an identity names. */
type ReadSchemes = (value: unknown, option: string) => readonly string[];

export const identity: OptionRule<Identity> = (value, option, capabilities, backendName) =>
  readIdentity(value, option, (names, where) => namesFrom('signatureSchemes')(names, where, capabilities, backendName));

/** Reads one identity, or several in order of preference. */
export const identities: OptionRule<Identity | readonly Identity[]> = (value, option, capabilities, backendName) => {
  if (!Array.isArray(value)) return identity(value, option, capabilities, backendName);
  if (value.length === 0) throw badValue(option, 'the list is empty');
  return listOf(value, option, 'a list', (one, index) =>
    identity(one, `${option}[${index}]`, capabilities, backendName),
  );
};

/** Reads an identity that a hook gave. Schemes that the backend does not know are left in: it cannot sign with them and passes them over. */
export function identityOfHook(value: unknown): Identity {
  const known = typeof value === 'object' && value !== null ? ofHooks.get(value) : undefined;
  if (known !== undefined) return known;
  const copy = readIdentity(value, 'identity', (names, option) => readNames(names, option));
  ofHooks.set(value as object, copy);
  return copy;
}

/** Holds what was read of an object, so that it is read once and a backend loads its key once. */
const ofHooks = new WeakMap<object, Identity>();

/** The options of an identity. */
export const identityOptions = [
  'certificateChain',
  'rawPublicKey',
  'privateKey',
  'signer',
  'signatureSchemes',
  'ocspResponse',
  'signedCertificateTimestamps',
  'mustMatchIssuer',
] as const;
/** Those that say how it is read, where that is done asynchronously. No backend has them. */
export const identitySourceOptions = ['pfx', 'passphrase', 'friendlyName', 'maxIterations'] as const;
type Fields = { readonly [Field in (typeof identityOptions)[number]]?: unknown };

function readIdentity(value: unknown, option: string, readSchemes: ReadSchemes): Identity {
  for (const name of identitySourceOptions)
    if (propertyOf(value, name) !== undefined) throw new TypeError(`${option}.${name}: ${readBefore}`);
  const given: Fields = ownOptions(value as Fields, identityOptions, option);
  const { certificateChain, rawPublicKey, privateKey, signer } = given;
  if (rawPublicKey !== undefined && certificateChain !== undefined)
    throw badValue(option, 'expected one of certificateChain and rawPublicKey');
  if ((privateKey === undefined) === (signer === undefined))
    throw badValue(option, 'expected exactly one of privateKey and signer');
  const keyText = `PEM text or DER (${readBefore})`;
  const read = {
    certificateChain:
      rawPublicKey === undefined ? readChain(certificateChain, `${option}.certificateChain`) : undefined,
    rawPublicKey: ifThere(rawPublicKey, (key) => fileContents(key, `${option}.rawPublicKey`, keyText)),
    privateKey: ifThere(privateKey, (key) => fileContents(key, `${option}.privateKey`, keyText)),
    signer: ifThere(signer, (each) => readSigner(each, `${option}.signer`)),
    signatureSchemes: ifThere(given.signatureSchemes, (names) => readSchemes(names, `${option}.signatureSchemes`)),
    ocspResponse: ifThere(given.ocspResponse, (response) => readStaple(response, `${option}.ocspResponse`)),
    signedCertificateTimestamps: ifThere(given.signedCertificateTimestamps, (list) =>
      bytes(list, `${option}.signedCertificateTimestamps`),
    ),
    mustMatchIssuer: ifThere(given.mustMatchIssuer, (on) => flag(on, `${option}.mustMatchIssuer`)),
  };
  return frozenCopy(read) as Identity;
}

/** What to do with what a backend does not read, since it makes contexts at once. */
const readBefore =
  'other forms are read asynchronously, by connect, createServer, clientContext and serverContext, or before by readIdentity of @org/tls-identity';

function ifThere<Value>(value: unknown, read: (value: unknown) => Value): Value | undefined {
  return value === undefined ? undefined : read(value);
}

function readChain(value: unknown, option: string): string | readonly Uint8Array[] {
  const expected = `PEM, DER or an array of certificates (${readBefore})`;
  if (typeof value === 'string') return checkedPem(value, option);
  const list = value instanceof Uint8Array ? [value] : value;
  const chain = listOf(list, option, expected, (each) =>
    certificatesIn(typeof each === 'string' ? checkedPem(each, option) : bytes(each, option, expected)),
  ).flat();
  if (chain.length === 0) throw wrongType(option, expected, value);
  return chain;
}

/** Refuses text that has no PEM, by what it may be. */
function checkedPem(text: string, option: string): string {
  if (looksLikePem(text)) return text;
  throw new TlsError('ERR_TLS_IDENTITY', `${option}: expected PEM; the text is ${kindOfText(text)}`, {
    option: 'identity',
  });
}

function readSigner(value: unknown, option: string): Signer {
  const hooks = methods<Signer>('sign')(value, option);
  const signatureSchemes = readNames(propertyOf(value, 'signatureSchemes'), `${option}.signatureSchemes`);
  return frozenCopy({ ...hooks, signatureSchemes });
}

function readNames(value: unknown, option: string): readonly string[] {
  return listOf(value, option, 'an array of IANA names', (name) => {
    if (typeof name === 'string') return name;
    throw wrongType(option, 'an array of IANA names', name);
  });
}

function readStaple(value: unknown, option: string): Identity['ocspResponse'] {
  if (typeof value === 'function') return value as Exclude<Identity['ocspResponse'], Uint8Array | undefined>;
  return bytes(value, option, 'Uint8Array or a function');
}
