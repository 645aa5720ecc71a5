import { propertyOf } from '@org/tls-core/backend';
import type { ClientTls } from '@org/tls-core/config';

/** What of a configuration names a backend. */
const choosing = ['backend', 'crypto', 'from'] as const;

/** Completes a configuration that names no backend by the client's. A client whose `tls` is a context has no name for its backend. */
export function withBackendOf(tls: ClientTls, clientTls: ClientTls | undefined): ClientTls {
  const isConfiguration =
    typeof tls === 'object' && (tls as unknown) !== null && propertyOf(tls, 'createEngine') === undefined;
  const isOpen = isConfiguration && !choosing.some((name) => has(tls, name));
  if (!isOpen || propertyOf(clientTls, 'createEngine') !== undefined) return tls;
  const chosen = choosing.filter((name) => has(clientTls, name)).map((name) => [name, propertyOf(clientTls, name)]);
  // What the configuration inherits stays where it is: whoever reads it refuses it.
  return Object.assign(
    Object.create(Object.getPrototypeOf(tls) as object | null) as object,
    tls,
    Object.fromEntries(chosen),
  );
}

function has(tls: ClientTls | undefined, name: (typeof choosing)[number]): boolean {
  return propertyOf(tls, name) !== undefined;
}
