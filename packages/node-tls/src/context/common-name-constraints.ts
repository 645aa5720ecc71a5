import type { Certificate, NameConstraints } from '@org/x509';
import { byNode } from './chain-certificate.ts';
import type { ChainFault } from './verify-error.ts';

/**
 * Checks a leaf's common name against the dNSName constraints of the CAs above, as OpenSSL does where there is no other DNS name. Our own
 * verifier has no reason to, since it takes no common name for a host's, but Node's `checkServerIdentity` does.
 * @param path leaf first
 */
export function* commonNameFaults([leaf, ...issuers]: readonly Certificate[]): Generator<ChainFault> {
  const constraints = issuers.map(({ nameConstraints }) => nameConstraints).filter((each) => each !== undefined);
  if (leaf === undefined || constraints.length === 0) return;
  if (leaf.subjectAltName?.some(({ kind }) => kind === 'dns') === true) return;
  const names = commonNamesOf(leaf).filter((name) => hostLike.test(name));
  for (const each of constraints) yield* constraintFaults(names, each);
}

/** The common names as `checkServerIdentity` is given them; it looks at them in any case, and with or without the last dot. */
function commonNamesOf(leaf: Certificate): readonly string[] {
  const { CN: names } = byNode(leaf).toLegacyObject().subject as { readonly CN?: string | readonly string[] };
  return [names ?? []].flat().map((name) => name.toLowerCase().replace(/\.$/u, ''));
}

/** Text that may be the name of a host, or of several. As in OpenSSL, a single label is none. */
const hostLike = /^[\w*-]+(?:\.[\w*-]+)+$/u;

function* constraintFaults(names: readonly string[], { permitted, excluded }: NameConstraints): Generator<ChainFault> {
  const bases = (subtrees: NameConstraints['permitted']): readonly string[] =>
    subtrees.flatMap((each) => (each.kind === 'dns' ? [each.name.toLowerCase()] : []));
  const [allowed, forbidden] = [bases(permitted), bases(excluded)];
  for (const name of names) {
    if (allowed.length > 0 && !allowed.some((base) => isWithin(name, base))) yield 'notPermitted';
    if (forbidden.some((base) => isWithin(name, base) || mayStandFor(name, base))) yield 'excluded';
  }
}

function isWithin(name: string, base: string): boolean {
  return base === '' || name === base || name.endsWith(`.${base}`);
}

/** True for a wildcard that may stand for a host of the base: the base ends with the labels behind its star. */
function mayStandFor(name: string, base: string): boolean {
  return name.includes('*') && base.endsWith(name.slice(name.indexOf('.', name.lastIndexOf('*'))));
}
