import { isTlsError } from '@org/tls-core';
import { cachedCertificate } from './certificate-cache.ts';
import { subjectOf } from './certificate-subject.ts';
import type { Certificate } from './certificate.ts';
import { binaryString } from '@org/tls-core/backend';
import { reject, type Rejection } from './rejection.ts';

interface Entry {
  readonly der: Uint8Array;
  /** Read when its subject is asked for; `null`: it cannot be. */
  certificate: Certificate | null | undefined;
}

/**
 * The certificates that a peer sends along, by their subject. Each is read when the search comes to its name, and then once: what leads
 * nowhere costs a glance at its subject.
 */
export class PresentedIssuers {
  readonly #bySubject = new Map<string, Entry[]>();
  readonly size: number;
  #unreadable: Rejection | undefined;

  /** @param ders kept, not copied */
  constructor(ders: readonly Uint8Array[]) {
    this.size = ders.length;
    for (const der of ders) {
      const subject = this.#unlessBad(() => subjectOf(der));
      if (subject === undefined) continue;
      const key = binaryString(subject);
      const entry: Entry = { der, certificate: undefined };
      const same = this.#bySubject.get(key);
      if (same === undefined) this.#bySubject.set(key, [entry]);
      else same.push(entry);
    }
  }

  /** Why one of those that were looked at cannot be used. */
  get unreadable(): Rejection | undefined {
    return this.#unreadable;
  }

  /** Those with this subject, in the peer's order, each once. */
  findBySubject(subject: Uint8Array): readonly Certificate[] {
    const found = new Set<Certificate>();
    for (const entry of this.#bySubject.get(binaryString(subject)) ?? []) {
      entry.certificate ??= this.#unlessBad(() => cachedCertificate(entry.der)) ?? null;
      if (entry.certificate !== null) found.add(entry.certificate);
    }
    return [...found];
  }

  /** A certificate that cannot be read is left out: a path may well do without it. */
  #unlessBad<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!isTlsError(error)) throw error;
      const reason = error.code === 'ERR_TLS_CERTIFICATE_UNSUPPORTED' ? 'algorithm' : 'malformed';
      this.#unreadable = reject(reason, `a certificate of the chain cannot be used: ${error.message}`);
      return undefined;
    }
  }
}
