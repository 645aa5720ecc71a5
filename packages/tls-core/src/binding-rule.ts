import type { Identity } from './identity.ts';
import { decodePinDigest, type Pin } from './pin.ts';
import { revocationDefaults, type Revocation } from './revocation.ts';
import type { TrustSource } from './trust.ts';

/** Text or bytes, as they go into a digest. */
export type BytePart = string | Uint8Array;

/** The option binds: a session is resumed only where its value writes the same parts. */
export type Binds<Value> = (value: Value) => readonly BytePart[];

/** The option does not bind, for the reason given. */
export interface Free {
  readonly free: string;
}

/**
 * Says of each option of a checked configuration whether a session is bound to it (`sessionBinding` of `@org/tls-core/backend`). A missing or
 * a surplus row does not compile, so that a new option is not forgotten.
 */
export type BindingTable<Config> = {
  readonly [Option in keyof Required<Config>]: Binds<Config[Option]> | Free;
};

/** Reasons that several options have for not binding. */
export const oncePerHandshake = { free: 'each handshake negotiates or does it anew' };
export const ownBehaviour = { free: 'it says how we write, and nothing of who the peer is' };
export const storage = { free: 'it says where sessions are kept and for how long' };

/** A function has no value to compare: that there is one is what can be said of it. */
export const presence: Binds<unknown> = (hook) => [String(hook !== undefined)];
/** A list that is not given is not taken for one that is. */
export const words: Binds<readonly string[] | undefined> = (names) =>
  names === undefined ? ['default'] : ['list', ...names];
export const flag: Binds<boolean> = (isOn) => [String(isOn)];

function isList(source: TrustSource): source is readonly TrustSource[] {
  return Array.isArray(source);
}

/** The certificates and anchors themselves, or the name of a store. */
export function trust(source: TrustSource): readonly BytePart[] {
  if (typeof source === 'string' || source instanceof Uint8Array) return [source];
  if (isList(source)) return source.flatMap(trust);
  const { subject, subjectPublicKeyInfo, nameConstraints = new Uint8Array(0) } = source;
  // no name of a store and no PEM text, so that the three behind it are not taken for certificates
  return ['anchor', subject, subjectPublicKeyInfo, nameConstraints];
}

/** What we prove ourselves with is the certificate or the key; how it is signed with does not count. */
export function identity(identities: Identity | readonly Identity[] | undefined): readonly BytePart[] {
  return [identities ?? []].flat().flatMap(({ certificateChain, rawPublicKey }: Identity): readonly BytePart[] => {
    const shown = rawPublicKey === undefined ? [certificateChain].flat() : [rawPublicKey];
    return [rawPublicKey === undefined ? 'certificates' : 'key', String(shown.length), ...shown];
  });
}

/** A pin binds by its digest, however that is written. */
export function pins(wanted: readonly Pin[] | undefined): readonly BytePart[] {
  return (wanted ?? []).flatMap(({ certificateSha256, publicKeySha256 }) =>
    certificateSha256 === undefined
      ? ['key', decodePinDigest(publicKeySha256 ?? '')]
      : ['certificate', decodePinDigest(certificateSha256)],
  );
}

/** The lists themselves too: who has newer ones looks again. Those of a source are asked for in each handshake (`currentSessionBinding`). */
export function revocation(option: Revocation | undefined): readonly BytePart[] {
  if (option === undefined) return [];
  const { crls, depth = revocationDefaults.depth, unknownStatus = revocationDefaults.unknownStatus } = option;
  return [depth, unknownStatus, ...(crls ?? ['lists of a source'])];
}

/** Only the same function of this process is taken for it: what it would say is not known before it is asked. */
export const sameFunction: Binds<object | undefined> = (hook) => (hook === undefined ? [] : [tokenOf(hook)]);

const tokens = new WeakMap<object, Uint8Array>();

/** Random bytes that stand for a function in this process: none of another process is taken for it. */
function tokenOf(hook: object): Uint8Array {
  const known = tokens.get(hook);
  if (known !== undefined) return known;
  const token = crypto.getRandomValues(new Uint8Array(16));
  tokens.set(hook, token);
  return token;
}
