/** How far a body has come. */
export interface Progress {
  /** Bytes that have been sent or received, in the form in which they are sent: of a compressed body the compressed ones. */
  readonly transferred: number;
  /** The length of the body where it is known. */
  readonly total: number | undefined;
}

/**
 * Is told of progress. It is called by itself, after the bytes have gone on: it holds nothing up, and what it throws is an uncaught exception
 * of its own.
 */
export type ProgressListener = (progress: Progress) => void;

export interface ProgressListeners {
  readonly upload: ProgressListener | undefined;
  readonly download: ProgressListener | undefined;
}
