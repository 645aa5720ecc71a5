import type { PresentedChain } from '@org/tls-core';
import type { Certificate } from './certificate.ts';
import { ocspInstants } from './ocsp.ts';
import type { RevocationRules } from './revocation-rules.ts';

/** What a verdict came from. */
export interface VerdictGrounds extends Pick<PresentedChain, 'time' | 'staple'> {
  readonly path: readonly Certificate[];
  /** The other certificates that the peer sent, one of which may have signed a list. */
  readonly others: readonly Certificate[];
  readonly revocation: RevocationRules | undefined;
}

/**
 * Finds the first instant after the proof at which the same proof might end in another way: a certificate of the path expires; a list, the certificate
 * of its signer or a response goes out of date, or one that was from the future begins to hold, which may revoke.
 * @returns milliseconds since the epoch; that instant does not belong to the verdict's time
 */
export function verdictEnd({ path, others, revocation, staple, time }: VerdictGrounds): number {
  const response = staple?.ocspResponse;
  const instants = [
    // notAfter names a whole second, which still belongs to the period.
    ...[...path, ...(revocation === undefined ? [] : others)].map(({ notAfter }) => notAfter + 1000),
    ...(revocation?.lists ?? []).flatMap(({ thisUpdate, nextUpdate }) => [thisUpdate, nextUpdate]),
    ...(response === undefined ? [] : ocspInstants(response)),
  ];
  return instants.reduce((end, instant) => (instant > time && instant < end ? instant : end), Infinity);
}
