import { isDnsName } from '@org/tls-core/backend';

/**
 * Finds the host of a URI (RFC 3986 §3.2.2).
 * @returns the host name in lower case; `undefined` where the URI has no host, or one that is no domain name, as an address is none
 */
export function hostOfUri(uri: string): string | undefined {
  const host = authority.exec(uri)?.[1]?.toLowerCase();
  return host === undefined || !isDnsName(host) || endsInNumber.test(host) ? undefined : host;
}

/** A scheme and an authority, of which user information and a port may be part. */
const authority = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@[\]]*@)?([^/?#@:[\]]+)(?::\d*)?(?:[/?#]|$)/iu;
const endsInNumber = /(?:^|\.)(?:\d+|0x[\da-f]*)$/u;
