import { describe, test } from 'vitest';
import type { CryptoProvider } from '../provider.ts';
import { providerCases } from './cases.ts';

export interface ProviderTestOptions {
  /** The cases that are known to fail, each with its reason. They are run and must fail, so that a deviation that is gone turns red. */
  readonly deviations?: Readonly<Record<string, string>>;
}

/**
 * Registers the cases with vitest, one test each. Call it at the top level of a test file.
 * @throws TypeError on a deviation that names no case
 */
export function registerCryptoProviderTests(
  provider: CryptoProvider,
  { deviations = {} }: ProviderTestOptions = {},
): void {
  const unknown = Object.keys(deviations).find((id) => !providerCases.some((each) => each.id === id));
  if (unknown !== undefined) throw new TypeError(`the deviation \`${unknown}\` names no case`);
  describe(`the crypto provider ${provider.name}`, () => {
    for (const { id, title, run } of providerCases) {
      const reason = deviations[id];
      if (reason === undefined) test(`${id}: ${title}`, () => run(provider));
      else test.fails(`${id}: ${title} [deviation: ${reason}]`, () => run(provider));
    }
  });
}
