import { isDnsName } from '@org/tls-core/backend';

/** Tells whether a name constraint is a domain name, with a dot before it or without (RFC 5280 §4.2.1.10). */
export function isDomain(name: string): boolean {
  return isDnsName(name.startsWith('.') ? name.slice(1) : name);
}
