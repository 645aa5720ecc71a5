import { badValue, wrongType } from './option-error.ts';
import { bytes, fileContents, listOf, oneOf, textOrBytes, type OptionRule } from './option-rule.ts';
import { ownOptions, frozenCopy } from './own-options.ts';
import { pemOrDer } from './pem-or-der.ts';
import { decodePinDigest, type Pin } from './pin.ts';
import type { Revocation } from './revocation.ts';
import { revocationListSource } from './synchronous-hook-rules.ts';
import { isTrustStoreName, trustStoreNames, type TrustAnchor, type TrustSource } from './trust.ts';

/** Lists may hold lists so deep. A deeper one was not written by anybody, but most likely holds itself. */
const maxTrustDepth = 16;

/** Reads what the peer's chain may end at. */
export function trust(value: unknown, option: string): TrustSource {
  return trustSource(value, option, 0);
}

function trustSource(value: unknown, option: string, depth: number): TrustSource {
  if (Array.isArray(value)) {
    if (value.length === 0) throw badValue(option, 'the list is empty: no peer could be trusted');
    if (depth === maxTrustDepth) throw badValue(option, `lists within lists, more than ${maxTrustDepth} deep`);
    return listOf(value, option, 'a list', (source) => trustSource(source, option, depth + 1));
  }
  if (value instanceof Uint8Array) return fileContents(value, option, 'PEM or DER');
  if (typeof value === 'object' && value !== null) return trustAnchor(value as TrustAnchor, option);
  if (typeof value !== 'string')
    throw wrongType(option, `${trustStoreNames.join(', ')}, PEM, DER, a trust anchor or a list of them`, value);
  if (!isTrustStoreName(value) && !value.includes('-----BEGIN')) {
    throw badValue(option, `expected ${trustStoreNames.join(', ')} or PEM text; a file must be read first`);
  }
  return pemOrDer(value);
}

function trustAnchor(value: TrustAnchor, option: string): TrustAnchor {
  const given = ownOptions(value, ['subject', 'subjectPublicKeyInfo', 'nameConstraints'], option);
  const { nameConstraints } = given;
  const anchor: TrustAnchor = frozenCopy({
    subject: bytes(given.subject, `${option}.subject`),
    subjectPublicKeyInfo: bytes(given.subjectPublicKeyInfo, `${option}.subjectPublicKeyInfo`),
    nameConstraints: nameConstraints === undefined ? undefined : bytes(nameConstraints, `${option}.nameConstraints`),
  });
  const known = anchors.get(value);
  if (known !== undefined && isSameAnchor(known, anchor)) return known;
  anchors.set(value, anchor);
  return anchor;
}

/** Holds the copy of each anchor, so that an anchor of a list like Mozilla's is the same object each time and a backend parses it once. */
const anchors = new WeakMap<TrustAnchor, TrustAnchor>();

function isSameAnchor(left: TrustAnchor, right: TrustAnchor): boolean {
  const fields = ['subject', 'subjectPublicKeyInfo', 'nameConstraints'] as const;
  return fields.every((field) => isSame(left[field], right[field]));
}

function isSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  return left?.length === right?.length && (left?.every((byte, index) => byte === right?.[index]) ?? true);
}

/** Reads pins, of which at least one must be in the peer's path. */
export function pins(value: unknown, option: string): readonly Pin[] {
  const list = listOf(value, option, 'an array of pins', (pin) => readPin(pin, option));
  if (list.length === 0) throw badValue(option, 'the list is empty: no peer could be accepted');
  return list;
}

function readPin(value: unknown, option: string): Pin {
  if (typeof value !== 'object' || value === null) throw wrongType(option, 'an array of pins', value);
  const { certificateSha256, publicKeySha256 } = ownOptions(
    value as { readonly certificateSha256?: unknown; readonly publicKeySha256?: unknown },
    ['certificateSha256', 'publicKeySha256'],
    option,
  );
  if ((certificateSha256 === undefined) === (publicKeySha256 === undefined))
    throw new TypeError(`${option}: expected one of certificateSha256 and publicKeySha256 in each`);
  if (publicKeySha256 === undefined)
    return frozenCopy({ certificateSha256: readDigest(certificateSha256, `${option}.certificateSha256`) });
  return frozenCopy({ publicKeySha256: readDigest(publicKeySha256, `${option}.publicKeySha256`) });
}

function readDigest(value: unknown, option: string): Uint8Array {
  return decodePinDigest(textOrBytes(value, option, 'a string or Uint8Array'));
}

/** Reads how revocation is looked up, and copies the lists where they stay what they are. */
export const revocation: OptionRule<Revocation> = (value, option, capabilities, backendName) => {
  const given = ownOptions(value as Revocation, ['crls', 'lists', 'depth', 'unknownStatus'], option);
  const { crls, lists, depth, unknownStatus } = given;
  if (crls !== undefined && lists !== undefined) throw badValue(option, 'expected one of crls and lists, got both');
  const word = <Word extends string>(rule: OptionRule<Word>, given: unknown, name: string): Word | undefined =>
    given === undefined ? undefined : rule(given, `${option}.${name}`, capabilities, backendName);
  return frozenCopy({
    ...(lists === undefined
      ? { crls: fixedLists(crls, `${option}.crls`) }
      : { lists: revocationListSource(lists, `${option}.lists`) }),
    depth: word(oneOf('leaf', 'chain'), depth, 'depth'),
    unknownStatus: word(oneOf('accept', 'reject'), unknownStatus, 'unknownStatus'),
  });
};

function fixedLists(value: unknown, option: string): readonly (string | Uint8Array)[] {
  const crls = listOf(value, option, 'an array of PEM or DER', (crl) => fileContents(crl, option, 'PEM or DER'));
  if (crls.length === 0) throw badValue(option, 'the list is empty');
  return crls;
}
