/** A place where the kit runs. */
export type Runtime = 'node' | 'bun' | 'deno' | 'chromium';

const ownTls = 'the peer without extended_master_secret is node:tls with an option of OpenSSL, which is not the TLS of';
const withoutOpenSsl = (library: string): Readonly<Record<string, string>> => ({
  'tls-1.2/no-extended-secret-as-server': `${ownTls} ${library}`,
  'tls-1.2/no-extended-secret-resumed': `${ownTls} ${library}`,
  'tls-1.2/no-extended-secret-as-client': `${ownTls} ${library}`,
});

/** The cases that cannot hold in a runtime, each with its reason. They are run and must fail, so that a reason that is gone turns red. */
export const leftOut: Readonly<Record<Runtime, Readonly<Record<string, string>>>> = {
  node: {},
  bun: withoutOpenSsl('Bun (BoringSSL)'),
  deno: withoutOpenSsl('Deno (rustls)'),
  chromium: {},
};
