/** Whether certificates were taken back (RFC 5280 §6.3). Nothing is ever fetched: the lists are the caller's to keep fresh. */
export interface Revocation {
  /** Certificate revocation lists: PEM text with one or more, or DER, 16 MiB each at most. Complete and direct ones. */
  readonly crls: readonly (string | Uint8Array)[];
  /** Which certificates are looked up: the peer's own, or those of its whole chain but for the anchor; default `chain`. */
  readonly depth?: 'leaf' | 'chain' | undefined;
  /** What happens when no list that is valid now says anything about a certificate; default `reject`. */
  readonly unknownStatus?: 'accept' | 'reject' | undefined;
}

/** What holds where it does not say. */
export const revocationDefaults = { depth: 'chain', unknownStatus: 'reject' } as const satisfies Partial<Revocation>;
