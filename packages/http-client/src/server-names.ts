import { checkServerName } from '@org/tls-core/backend';

/** Gives the name that the server of an origin must prove. */
export type NameOf = (origin: string) => string | undefined;

/**
 * Reads the names that a program wants to be proven instead of the URL's.
 * @throws TypeError on a key that is no `https:` origin, or on a name that is no text
 * @throws TlsError `ERR_TLS_CONFIG` on a name that cannot be verified
 */
export function serverNames(names: Readonly<Record<string, string>> = {}): NameOf {
  const byOrigin = new Map<string, string>();
  for (const [origin, name] of Object.entries(names)) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin || !origin.startsWith('https:'))
      throw new TypeError(`serverNames: expected origins like https://192.0.2.1:8443, got ${origin}`);
    checkServerName(name);
    byOrigin.set(origin, name);
  }
  return (origin) => byOrigin.get(origin);
}
