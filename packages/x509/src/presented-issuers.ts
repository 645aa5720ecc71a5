import { isTlsError } from '@org/tls-core';
import { cachedCertificate } from './certificate-cache.ts';
import { subjectKey, subjectOf } from './certificate-subject.ts';
import type { Certificate } from './certificate.ts';
import { reject, type Rejection } from './rejection.ts';

interface Entry {
  readonly der: Uint8Array;
  /** The certificate, which is read when its subject is asked for; `null` where it cannot be read. */
  certificate: Certificate | null | undefined;
}

/**
 * Holds the certificates that a peer sends along, by their subject. Each is read once, when the search comes to its name: a certificate
 * that leads nowhere costs only a look at its subject.
 */
export class PresentedIssuers {
  readonly #bySubject = new Map<string, Entry[]>();
  readonly size: number;
  readonly #first: Entry | undefined;
  #unreadable: Rejection | undefined;

  /** @param ders the certificates in DER; they are kept, not copied */
  constructor(ders: readonly Uint8Array[]) {
    this.size = ders.length;
    let first: Entry | undefined;
    for (const der of ders) {
      const subject = this.#unlessBad(() => subjectOf(der));
      if (subject === undefined) continue;
      const key = subjectKey(subject);
      const entry: Entry = { der, certificate: undefined };
      first ??= entry;
      const same = this.#bySubject.get(key);
      if (same === undefined) this.#bySubject.set(key, [entry]);
      else same.push(entry);
    }
    this.#first = first;
  }

  /** All certificates that can be read. */
  get all(): readonly Certificate[] {
    return [...this.#bySubject.values()].flat().flatMap((entry) => this.#read(entry) ?? []);
  }

  /** The first certificate that the peer sent along; `undefined` where there is none, or it cannot be read. */
  get first(): Certificate | undefined {
    return this.#first && this.#read(this.#first);
  }

  /** The reason why one of those that were looked at cannot be used. */
  get unreadable(): Rejection | undefined {
    return this.#unreadable;
  }

  /** Gives the certificates with this subject, in the peer's order and each once. */
  findBySubject(subject: Uint8Array): readonly Certificate[] {
    const found = new Set<Certificate>();
    for (const entry of this.#bySubject.get(subjectKey(subject)) ?? []) {
      const certificate = this.#read(entry);
      if (certificate !== undefined) found.add(certificate);
    }
    return [...found];
  }

  #read(entry: Entry): Certificate | undefined {
    entry.certificate ??= this.#unlessBad(() => cachedCertificate(entry.der)) ?? null;
    return entry.certificate ?? undefined;
  }

  /** Leaves out a certificate that cannot be read, because a path may well do without it. */
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
