import { aeadCases } from './cases/aead.ts';
import { contractCases } from './cases/contract.ts';
import { hashCases } from './cases/hashes.ts';
import { keyExchangeCases } from './cases/key-exchange.ts';
import { knownAnswerCases } from './cases/known-answers.ts';
import { refusedKeyCases } from './cases/refused-keys.ts';
import { refusedShareCases } from './cases/refused-shares.ts';
import { signatureCases } from './cases/signatures.ts';
import { spanCases } from './cases/spans.ts';
import type { ProviderCase } from './provider-case.ts';

/** All that a crypto provider promises, with one case for each promise. */
export const providerCases: readonly ProviderCase[] = [
  ...contractCases,
  ...knownAnswerCases,
  ...hashCases,
  ...aeadCases,
  ...spanCases,
  ...keyExchangeCases,
  ...signatureCases,
  ...refusedShareCases,
  ...refusedKeyCases,
];
