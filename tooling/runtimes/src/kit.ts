import { runConformance, type ConformanceCase } from '@org/tls-conformance';
import type { TlsBackend } from '@org/tls-core';
import type { CryptoProvider } from '@org/tls-crypto';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { webCrypto } from '@org/tls-crypto/web';
import { createBackend } from '@org/tls-pure';

/** What a runtime tells of one case, as JSON. */
export interface CaseReport {
  readonly id: string;
  readonly isOk: boolean;
  readonly deviation?: string;
  /** Where and why it failed. */
  readonly failure?: string;
  readonly milliseconds: number;
}

/** The cryptography under tls-pure: the default of the runtime, noble, or WebCrypto. */
export type Crypto = 'default' | 'noble' | 'web';

const providers: Readonly<Record<Crypto, { readonly crypto?: CryptoProvider }>> = {
  default: {},
  noble: { crypto: nobleCrypto },
  web: { crypto: webCrypto },
};

/** Runs cases with tls-pure in both roles. It runs in every runtime, and imports nothing that a browser lacks. */
export async function* runKit(
  cases: readonly ConformanceCase[],
  crypto: Crypto,
  deviations: Readonly<Record<string, string>>,
): AsyncGenerator<CaseReport, void, undefined> {
  const backend = (): TlsBackend => createBackend(providers[crypto]);
  for await (const result of runConformance(cases, { client: backend, server: backend, deviations })) {
    const { id, isOk, deviation, error, milliseconds } = result;
    yield {
      id,
      isOk,
      milliseconds,
      ...(deviation !== undefined && { deviation }),
      ...(error !== undefined && { failure: described(error) }),
    };
  }
}

function described(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack = '' } = error;
  // Not every engine begins a stack with the message.
  return stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
}
