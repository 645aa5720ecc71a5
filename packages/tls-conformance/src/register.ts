import { describe, test } from 'vitest';
import type { ConnectionInfo, MaybePromise, TlsBackend } from '@org/tls-core';
import { cases } from './cases.ts';
import type { FixtureName } from './fixtures.ts';

export interface ConformanceOptions {
  /** Makes the backend that plays the client. */
  readonly client: () => MaybePromise<TlsBackend>;
  /** Makes the backend that plays the server. It is the same as `client`, or another one, to see whether they understand each other. */
  readonly server: () => MaybePromise<TlsBackend>;
  /** The certificate of the server where a case does not care. Default: `ecdsa-p256`, with which not every platform can sign. */
  readonly certificate?: FixtureName;
  /** What one of the two backends cannot report about a connection. Where both report it, it must be the same. */
  readonly untold?: readonly (keyof ConnectionInfo)[];
  /** The cases that are known to fail, each with its reason. They are run and must fail, so that a deviation that is gone turns red. */
  readonly deviations?: Readonly<Record<string, string>>;
}

/**
 * Registers the kit's cases with vitest, one test each. Call it at the top level of a test file, with `await`.
 * @throws TypeError on a deviation that names no case
 */
export async function describeConformance(title: string, options: ConformanceOptions): Promise<void> {
  const { deviations = {}, certificate = 'ecdsa-p256', untold = [] } = options;
  const roles = { client: await options.client(), server: await options.server(), certificate, untold };
  const unknown = Object.keys(deviations).find((id) => !cases.some((each) => each.id === id));
  if (unknown !== undefined) throw new TypeError(`the deviation \`${unknown}\` names no case of the kit`);
  describe(title, () => {
    for (const each of cases) {
      if (each.applies?.(roles) === false) continue;
      const reason = deviations[each.id];
      if (reason === undefined) test(`${each.id}: ${each.title}`, () => each.run(roles));
      else test.fails(`${each.id}: ${each.title} [deviation: ${reason}]`, () => each.run(roles));
    }
  });
}
