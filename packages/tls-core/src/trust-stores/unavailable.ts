import { TlsError } from '../tls-error.ts';
import type { TrustStoreName } from '../trust.ts';

export { isTrustStoreName, type TrustStoreName } from '../trust.ts';

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readTrustStore(store: TrustStoreName): never {
  throw unavailable(store);
}

/** @throws TlsError `ERR_TLS_UNSUPPORTED` always: this runtime gives no access to a list of roots */
export function readSystemOverride(): never {
  throw unavailable('system');
}

function unavailable(store: TrustStoreName): TlsError {
  return new TlsError(
    'ERR_TLS_UNSUPPORTED',
    `trust: this runtime has no store of roots, so there is no \`${store}\`; install @org/tls-roots and pass \`trust: mozillaRoots\`, or pass certificates of your own`,
    { option: 'trust' },
  );
}
