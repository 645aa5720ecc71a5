import type { Dispatcher } from 'undici';

/** What is known of the connection that carried a request. */
export interface CallConnection {
  readonly alpnProtocol?: string | undefined;
  /** Milliseconds of each step; `undefined`: there was none for this request, as on a connection that was there. */
  readonly timings: {
    readonly lookup: number | undefined;
    readonly connect: number | undefined;
    readonly proxy: number | undefined;
    readonly handshake: number | undefined;
  };
}

/** Gives the connection of a request; `undefined` where there is none, or no TLS. */
export type ConnectionOf = (options: Dispatcher.DispatchOptions) => CallConnection | undefined;
