import type { ConnectionInfo, MaybePromise, TlsBackend } from '@org/tls-core';
import type { ConformanceCase, Roles } from './conformance-case.ts';
import type { FixtureName } from './fixtures.ts';

export interface ConformanceOptions {
  /** Makes the backend that plays the client. */
  readonly client: () => MaybePromise<TlsBackend>;
  /** Makes the backend that plays the server. It is the same as `client`, or another one, to see whether they understand each other. */
  readonly server: () => MaybePromise<TlsBackend>;
  /**
   * The certificate of the server where a case does not care. Default: `ecdsa-p256`. With one for RSA, all certificates of servers are for RSA,
   * and cases that need another signature of a server are left out: for a platform that signs with no other key.
   */
  readonly certificate?: FixtureName;
  /** What one of the two backends cannot report about a connection. Where both report it, it must be the same. */
  readonly untold?: readonly (keyof ConnectionInfo)[];
  /** The cases that are known to fail, each with its reason. They are run and must fail, so that a deviation that is gone turns red. */
  readonly deviations?: Readonly<Record<string, string>>;
  /**
   * Takes one part of the cases, of `of` parts that are as large as each other, for a run that must be short: `index` is 0 to `of` - 1, and the
   * runs of all of them are the whole kit. Default: all cases.
   */
  readonly part?: { readonly index: number; readonly of: number };
}

/** A case that applies, with what it is run with. */
export interface PlannedCase {
  readonly id: string;
  readonly title: string;
  /** Why the case is known to fail, if it is. */
  readonly deviation: string | undefined;
  run(): Promise<void> | void;
}

/**
 * Makes both backends and leaves out the cases that do not apply to them. Every runner begins with it.
 * @throws TypeError on a deviation that names no case, and on a part that is none
 */
export async function planOf(
  cases: readonly ConformanceCase[],
  options: ConformanceOptions,
): Promise<readonly PlannedCase[]> {
  const { deviations = {}, certificate = 'ecdsa-p256', untold = [], part = { index: 0, of: 1 } } = options;
  const roles: Roles = { client: await options.client(), server: await options.server(), certificate, untold };
  if (!Number.isInteger(part.index) || !Number.isInteger(part.of) || part.index < 0 || part.index >= part.of)
    throw new TypeError(`\`part\`: there is no part ${part.index} of ${part.of}`);
  const unknown = Object.keys(deviations).find((id) => !cases.some((each) => each.id === id));
  if (unknown !== undefined) throw new TypeError(`the deviation \`${unknown}\` names no case of the kit`);
  return cases
    .filter((each, index) => index % part.of === part.index && each.applies?.(roles) !== false)
    .map((each) => ({
      id: each.id,
      title: each.title,
      deviation: deviations[each.id],
      run: () => each.run(roles),
    }));
}
