import { TlsError, type TrustAnchor, type TrustSource } from '@org/tls-core';
import { certificatesInPem } from '@org/tls-core/backend';
import { isTrustStoreName, readSystemOverride, readTrustStore, type TrustStoreName } from '@org/tls-core/trust-stores';
import { isFailed, type Addon, type NativeLibrary, type TrustHandle } from '../border/addon.ts';

/** The stores of the named sources. Each is parsed once for the process: Node's list takes some 20 ms. */
const namedStores = new Map<TrustStoreName, TrustHandle>();

/**
 * Makes the store of the certificates that a chain must end at.
 * @param library where it does not know what the system trusts, that is read here as tls-pure reads it
 * @throws TlsError `ERR_TLS_CONFIG` when a certificate cannot be read, or when there is none; `ERR_TLS_UNSUPPORTED` on a trust anchor
 *   without a certificate, which no platform's library knows, and where this Node cannot read the system's store for a library that cannot
 */
export function trustStore(source: TrustSource, addon: Addon, library: NativeLibrary): TrustHandle {
  const reader: Reader = { addon, hasSystemTrust: library.hasSystemTrust };
  if (!isTrustStoreName(source)) return make(source, reader);
  const known = namedStores.get(source);
  if (known !== undefined) return known;
  const store = make(source, reader);
  namedStores.set(source, store);
  return store;
}

interface Reader extends Pick<NativeLibrary, 'hasSystemTrust'> {
  readonly addon: Addon;
}

function make(source: TrustSource, reader: Reader): TrustHandle {
  const { addon } = reader;
  const parts = collect(source, reader);
  const certificates = parts.filter((part) => part !== systemStore);
  const addsSystem = certificates.length < parts.length;
  if (parts.length === 0) {
    throw new TlsError('ERR_TLS_CONFIG', 'trust: there is no certificate in it, so no peer could be trusted', {
      option: 'trust',
    });
  }
  const store = addon.createTrustStore(certificates, addsSystem);
  if (isFailed(store)) throw new TlsError('ERR_TLS_CONFIG', `trust: ${store.fault.detail}`, { option: 'trust' });
  return store;
}

/** Stands for the system's own store, which the library reads. */
const systemStore = 'system';

function collect(source: TrustSource, reader: Reader): readonly (Uint8Array | typeof systemStore)[] {
  if (isList(source)) return source.flatMap((each) => collect(each, reader));
  if (typeof source !== 'string') return [certificateOf(source)];
  if (!isTrustStoreName(source)) return certificatesInPem(source, 'trust');
  // What stands in these lists has been read by Node already.
  if (source !== 'system') return readTrustStore(source, (certificate) => certificate);
  return systemCertificates(reader);
}

function systemCertificates({ addon, hasSystemTrust }: Reader): readonly (Uint8Array | typeof systemStore)[] {
  const readable = (certificate: Uint8Array): Uint8Array | undefined =>
    isFailed(addon.createTrustStore([certificate], false)) ? undefined : certificate;
  return hasSystemTrust ? (readSystemOverride(readable) ?? [systemStore]) : readTrustStore('system', readable);
}

function certificateOf(source: Uint8Array | TrustAnchor): Uint8Array {
  if (source instanceof Uint8Array) return source;
  throw new TlsError(
    'ERR_TLS_UNSUPPORTED',
    'trust: the platform’s verifier needs certificates, and a trust anchor has none; pass the root certificate, or bring a `verifier` along',
    { option: 'trust' },
  );
}

function isList(source: TrustSource): source is readonly TrustSource[] {
  return Array.isArray(source);
}
