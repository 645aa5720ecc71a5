import type { Certificate } from './certificate.ts';
import {
  constrainedName,
  constraintBase,
  lies,
  namesOf,
  touches,
  type ConstrainedName,
  type ConstraintBase,
} from './constrained-names.ts';
import type { GeneralName } from './names/general-name.ts';
import { reject, type Rejection } from './rejection.ts';
import type { WorkBudget } from './work-budget.ts';

interface Prepared {
  readonly name: GeneralName;
  /** `undefined` where it cannot be compared. */
  readonly form: ConstrainedName | undefined;
}

/** The constraints of one CA on one form of names. */
interface Bases {
  readonly permitted: ConstraintBase[];
  readonly excluded: ConstraintBase[];
  /** Whether all of them can be compared with names. */
  isComparable: boolean;
}

/** Checks the name constraints of the paths of one search. Each certificate's names are prepared once, in whatever paths it stands. */
export class NameConstraintCheck {
  readonly #budget: WorkBudget;
  readonly #names = new Map<Certificate, readonly Prepared[]>();
  readonly #bases = new Map<Certificate, ReadonlyMap<GeneralName['kind'], Bases>>();

  constructor(budget: WorkBudget) {
    this.#budget = budget;
  }

  /**
   * Checks the names of a path against the constraints of every CA above, the anchor's included (RFC 5280 §4.2.1.10, §6.1.3 (b), (c)).
   * A constraint on a form that is not compared, and a name that cannot be read, reject: nobody can tell whether the name is permitted.
   * @param path leaf first, anchor last
   */
  check(path: readonly Certificate[]): Rejection | undefined {
    for (let above = path.length - 1; above > 0; above -= 1) {
      const issuer = path[above];
      if (issuer?.nameConstraints === undefined) continue;
      for (let below = above - 1; below >= 0; below -= 1) {
        const certificate = path[below];
        // Self-issued certificates are exempt, unless they are the last of the path (RFC 5280 §6.1.3 (b)).
        if (certificate === undefined || (below > 0 && certificate.isSelfIssued)) continue;
        const rejection = this.#checkNames(certificate, issuer);
        if (rejection !== undefined) return rejection;
      }
    }
    return undefined;
  }

  #checkNames(certificate: Certificate, issuer: Certificate): Rejection | undefined {
    const { permitted = [], excluded = [] } = issuer.nameConstraints ?? {};
    const names = this.#namesOf(certificate);
    if (!this.#budget.takeNameComparisons(names.length * (permitted.length + excluded.length)))
      return reject('budget', 'there are too many names and name constraints');
    const bases = this.#basesOf(issuer);
    for (const prepared of names) {
      const own = bases.get(prepared.name.kind);
      const rejection = own && checkName(prepared, own);
      if (rejection !== undefined) return rejection;
    }
    return undefined;
  }

  #namesOf(certificate: Certificate): readonly Prepared[] {
    const known = this.#names.get(certificate);
    if (known !== undefined) return known;
    const names = namesOf(certificate).map((name): Prepared => ({ name, form: constrainedName(name) }));
    this.#names.set(certificate, names);
    return names;
  }

  #basesOf(issuer: Certificate): ReadonlyMap<GeneralName['kind'], Bases> {
    const known = this.#bases.get(issuer);
    if (known !== undefined) return known;
    const byKind = new Map<GeneralName['kind'], Bases>();
    for (const list of ['permitted', 'excluded'] as const) {
      for (const base of issuer.nameConstraints?.[list] ?? []) {
        const own = byKind.get(base.kind) ?? { permitted: [], excluded: [], isComparable: true };
        byKind.set(base.kind, own);
        const form = constraintBase(base);
        if (form === undefined) own.isComparable = false;
        else own[list].push(form);
      }
    }
    this.#bases.set(issuer, byKind);
    return byKind;
  }
}

function checkName({ name, form }: Prepared, { permitted, excluded, isComparable }: Bases): Rejection | undefined {
  if (form === undefined || !isComparable)
    return reject('nameConstraint', `a name of form ${name.kind} cannot be compared with a CA’s name constraint`);
  if (excluded.some((base) => touches(form, base)))
    return reject('nameConstraint', `${describe(name)} is excluded by a CA’s name constraint`);
  if (permitted.length > 0 && !permitted.some((base) => lies(form, base)))
    return reject('nameConstraint', `${describe(name)} is outside of what a CA’s name constraint permits`);
  return undefined;
}

function describe(name: GeneralName): string {
  return 'name' in name && typeof name.name === 'string' ? name.name : `a name of form ${name.kind}`;
}
