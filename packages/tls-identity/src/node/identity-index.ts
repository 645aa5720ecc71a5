import type { ClientHelloInfo, Identity } from '@org/tls-core';
import { matchesDnsName } from '@org/x509';
import { outOfTime, type DatedIdentity } from './dated-identity.ts';

/** More than a name has kinds of key, and as many as a hook may give. */
const mostForOneName = 64;

/** Finds identities by the names in their certificates. */
export class IdentityIndex {
  readonly #byPattern = new Map<string, DatedIdentity[]>();
  readonly #first: readonly DatedIdentity[];

  /** @param all in order of preference */
  constructor(all: readonly DatedIdentity[]) {
    for (const each of all)
      for (const pattern of patternsOf(each)) {
        const others = this.#byPattern.get(pattern);
        if (others === undefined) this.#byPattern.set(pattern, [each]);
        else if (!others.includes(each)) others.push(each);
      }
    const [first] = all;
    const [pattern] = first === undefined ? [] : patternsOf(first);
    this.#first = (pattern === undefined ? undefined : this.#byPattern.get(pattern)) ?? all.slice(0, 1);
  }

  /** The first identity, and those that prove the first of its names too. */
  get first(): readonly DatedIdentity[] {
    return this.#first;
  }

  /**
   * Finds the identities for a name, those that name it before those with a wildcard. The index finds, and the rule by which clients compare
   * names decides (RFC 9525 §6.3).
   * @param serverName in lower case, as a ClientHello has it
   */
  find(serverName: string): readonly DatedIdentity[] {
    const dot = serverName.indexOf('.');
    const patterns = dot === -1 ? [serverName] : [serverName, `*${serverName.slice(dot)}`];
    const found = patterns
      .filter((pattern) => matchesDnsName(pattern, serverName))
      .flatMap((pattern) => this.#byPattern.get(pattern) ?? []);
    return [...new Set(found)];
  }
}

function patternsOf({ leaf }: DatedIdentity): readonly string[] {
  return (leaf.subjectAltName ?? []).flatMap((name) => (name.kind === 'dns' ? [name.name.toLowerCase()] : []));
}

/** Says which identities are shown to a client that asks for no name, or for one that nobody has. */
export type DefaultName = string | false | undefined;

/**
 * Chooses identities by what a client asks for, of which the backend takes the first that the client can verify.
 * @returns `undefined` when none is to be shown
 */
export function chooseIdentities(
  index: IdentityIndex,
  { serverName }: Pick<ClientHelloInfo, 'serverName'>,
  defaultName: DefaultName,
): readonly DatedIdentity[] | undefined {
  const found = serverName === undefined ? [] : index.find(serverName);
  if (found.length > 0) return found.slice(0, mostForOneName);
  if (defaultName === false) return undefined;
  const named = defaultName === undefined ? [] : index.find(defaultName);
  const chosen = named.length > 0 ? named : index.first;
  return chosen.length === 0 ? undefined : chosen.slice(0, mostForOneName);
}

/** Puts those first whose certificates are in their time: a stale certificate of the same name must not hide a good one. */
export function inTimeFirst(all: readonly DatedIdentity[], now: number): readonly Identity[] {
  const isLate = ({ leaf, source }: DatedIdentity): boolean => outOfTime(leaf, source, now) !== undefined;
  return [...all.filter((each) => !isLate(each)), ...all.filter(isLate)].map(({ identity }) => identity);
}
