import { TlsError } from '../tls-error.ts';
import type { StoreText } from './store-text.ts';

export type { StoreText } from './store-text.ts';

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readDefaultRoots(): readonly StoreText[] {
  throw unavailable('default');
}

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readSystemRoots(): readonly StoreText[] {
  throw unavailable('system');
}

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime bundles no list of roots */
export function readMozillaRoots(): readonly StoreText[] {
  throw unavailable('mozilla');
}

function unavailable(store: string): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    `trust: this runtime has no store of roots, so there is no \`${store}\`; install @org/tls-roots and pass \`trust: mozillaRoots\`, or pass certificates of your own`,
    { option: 'trust' },
  );
}
