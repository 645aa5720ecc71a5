import type { ConformanceCase } from '@org/tls-conformance';
import { defaultCrypto } from '@org/tls-crypto';
import { nobleCrypto } from '@org/tls-crypto/noble';
import { providerCases } from '@org/tls-crypto/test';
import { webCrypto } from '@org/tls-crypto/web';

/**
 * What every crypto provider promises, as cases of the default provider of the runtime, of noble and of WebCrypto. To be imported in a bundle, because
 * `@org/tls-crypto/test` imports vitest.
 */
export const cryptoCases: readonly ConformanceCase[] = [...new Set([defaultCrypto, nobleCrypto, webCrypto])].flatMap(
  (provider) =>
    providerCases.map(({ id, title, run }) => ({ id: `${provider.name}/${id}`, title, run: () => run(provider) })),
);
