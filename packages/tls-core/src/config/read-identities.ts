import type { Signer } from '../identity.ts';
import { identityOptions, identitySourceOptions } from '../identity-rules.ts';
import type { CertificateSource, PassphraseSource, PfxSource, PrivateKeySource } from '../identity-source.ts';
import { badValue } from '../option-error.ts';
import { ownOptions } from '../own-options.ts';
import { hasFile, withoutFiles } from './identity-file.ts';
import { loadIdentityReader } from './identity-reader.ts';

/**
 * Copies what `identity` says, so that nothing of it is read twice. What is no object is for the backend to refuse.
 * @throws TypeError on an unknown option of an identity
 */
export function copyIdentities(value: unknown): unknown {
  return Array.isArray(value)
    ? (value as readonly unknown[]).map((each, index) => copyOf(each, `identity[${index}]`))
    : copyOf(value, 'identity');
}

/** Tells whether something must be read that backends do not read. */
export function needReading(copies: unknown): boolean {
  return [copies].flat().some(needsReading);
}

/**
 * Reads what `identity` may be besides what backends take: files, and what `@org/tls-identity` reads. Whether what backends take can be used is for
 * them to say.
 * @param copies what `copyIdentities` gives
 * @param bases the modules from which `@org/tls-identity` is looked for
 * @throws TlsError (rejects with) `ERR_TLS_IDENTITY` when a file or what is in it cannot be read; `ERR_TLS_CONFIG` on options that exclude
 *   each other
 */
export async function readIdentities(copies: unknown, bases: readonly string[]): Promise<unknown> {
  if (!Array.isArray(copies)) return readOne(copies, 'identity', bases);
  const identities: unknown[] = [];
  for (const [index, copy] of (copies as readonly unknown[]).entries())
    // Each may need much time and memory, so that they are read one after the other.
    // oxlint-disable-next-line no-await-in-loop
    identities.push(await readOne(copy, `identity[${index}]`, bases));
  return identities;
}

async function readOne(copy: unknown, option: string, bases: readonly string[]): Promise<unknown> {
  return needsReading(copy) ? read(copy, option, bases) : copy;
}

const options = [...identityOptions, ...identitySourceOptions] as const;
/** What an identity says, of which the types are not known yet. */
type Given = { readonly [Option in (typeof options)[number]]?: unknown };

function copyOf(value: unknown, option: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? ownOptions(value as Given, options, option) : value;
}

/** Tells what a backend does not read itself. */
function needsReading(copy: unknown): copy is Given {
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy) && (hasFile(copy) || isForReader(copy));
}

/** Tells what is read by `@org/tls-identity`. */
function isForReader(given: Given): boolean {
  const { privateKey, certificateChain, rawPublicKey } = given;
  if (identitySourceOptions.some((name) => given[name] !== undefined)) return true;
  if (privateKey === undefined) return false;
  return (
    !isTextOrBytes(privateKey) || isJson(privateKey) || (certificateChain === undefined && rawPublicKey === undefined)
  );
}

function isTextOrBytes(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

/** Tells a JWK in text: neither PEM nor DER begins so. */
function isJson(key: string | Uint8Array): boolean {
  return typeof key === 'string' ? key.trimStart().startsWith('{') : key[0] === 0x7b;
}

async function read(given: Given, option: string, bases: readonly string[]): Promise<unknown> {
  const plain = await withoutFiles(given, option);
  if (!isForReader(plain)) return plain;
  const { pfx, passphrase, friendlyName, maxIterations, privateKey, certificateChain, signer, rawPublicKey, ...rest } =
    plain;
  checkTogether(plain, option);
  const reader = await loadIdentityReader(option, bases);
  const protection = {
    passphrase: passphrase as PassphraseSource | undefined,
    maxIterations: maxIterations as number | undefined,
  };
  if (rawPublicKey !== undefined) {
    const key = await reader.readPrivateKey(privateKey as PrivateKeySource, protection.passphrase, protection);
    return { ...rest, rawPublicKey, ...key };
  }
  if (pfx !== undefined) {
    const source = { ...protection, pfx: pfx as PfxSource['pfx'], friendlyName: friendlyName as string | undefined };
    return { ...rest, ...(await reader.readIdentity(source)) };
  }
  const source = {
    ...protection,
    privateKey: (privateKey ?? signer) as PrivateKeySource | Signer,
    certificateChain: certificateChain as CertificateSource | undefined,
  };
  return { ...rest, ...(await reader.readIdentity(source)) };
}

/** Refuses what says two things at once. */
function checkTogether(given: Given, option: string): void {
  const others = ['privateKey', 'signer', 'certificateChain', 'rawPublicKey'] as const;
  const beside = others.find((name) => given[name] !== undefined);
  if (given.pfx !== undefined && beside !== undefined)
    throw badValue(option, `\`${beside}\` does not go with \`pfx\`, which has the key and its chain`);
  if (given.pfx === undefined && given.friendlyName !== undefined)
    throw badValue(option, '`friendlyName` goes with `pfx`');
  if (given.pfx === undefined && (given.privateKey === undefined) === (given.signer === undefined))
    throw badValue(option, 'expected exactly one of pfx, privateKey and signer');
  if (given.rawPublicKey !== undefined && given.certificateChain !== undefined)
    throw badValue(option, 'expected one of certificateChain and rawPublicKey');
}
