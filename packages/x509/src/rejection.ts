import type { RejectedPath, TlsError, TlsErrorCode } from '@org/tls-core';
import { certificateError, certificateFaults, isMoreTelling, type CertificateFault } from '@org/tls-core/backend';

/**
 * The reason why a path is not acceptable. It is collected rather than thrown: a search may reject thousands of paths before it finds a
 * good one.
 */
export interface Rejection {
  readonly reason: CertificateFault;
  /** One line that states what was got and what was expected. */
  readonly text: string;
}

export function reject(reason: CertificateFault, text: string): Rejection {
  return { reason, text };
}

/** Tells whether `left` says more to a person than `right`. */
export function isMoreUseful(left: Rejection, right: Rejection): boolean {
  return isMoreTelling(left.reason, right.reason);
}

export function codeOf({ reason }: Rejection): TlsErrorCode {
  return certificateFaults[reason].code;
}

/** Makes the error for a chain of which no path is acceptable. */
export function rejectionError(
  { reason, text }: Rejection,
  chain: readonly Uint8Array[],
  rejectedPaths: readonly RejectedPath[],
  cause?: unknown,
): TlsError {
  return certificateError(reason, text, { chain, rejectedPaths, cause });
}
