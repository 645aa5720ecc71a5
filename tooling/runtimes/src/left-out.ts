import type { ConformanceCase } from '@org/tls-conformance';

/** A place where the kit runs. */
export type Runtime = 'node' | 'bun' | 'deno' | 'chromium';

const ownTls = 'the peer without extended_master_secret is node:tls with an option of OpenSSL, which is not the TLS of';
const withoutOpenSsl = (library: string): Readonly<Record<string, string>> => ({
  'tls-1.2/no-extended-secret-as-server': `${ownTls} ${library}`,
  'tls-1.2/no-extended-secret-resumed': `${ownTls} ${library}`,
  'tls-1.2/no-extended-secret-as-client': `${ownTls} ${library}`,
});

const unmixed = 'Deno’s node:crypto and WebCrypto sign with ECDSA by RFC 6979 alone, without fresh randomness';

/** The cases that cannot hold in a runtime, each with its reason. They are run and must fail, so that a reason that is gone turns red. */
export const leftOut: Readonly<Record<Runtime, Readonly<Record<string, string>>>> = {
  node: {},
  bun: withoutOpenSsl('Bun (BoringSSL)'),
  deno: {
    ...withoutOpenSsl('Deno (rustls)'),
    'node/signature/secp256r1/fresh': unmixed,
    'node/signature/secp384r1/fresh': unmixed,
    'web/signature/secp256r1/fresh': unmixed,
    'web/signature/secp384r1/fresh': unmixed,
  },
  chromium: {},
};

/** Gives the rows of the table that are about some of the cases. */
export function leftOutOf(runtime: Runtime, cases: readonly ConformanceCase[]): Readonly<Record<string, string>> {
  const isAmong = (id: string): boolean => cases.some((each) => each.id === id);
  return Object.fromEntries(Object.entries(leftOut[runtime]).filter(([id]) => isAmong(id)));
}
