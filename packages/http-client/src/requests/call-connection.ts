import type { Dispatcher } from 'undici';
import type { HttpPhase } from './http-client-error.ts';

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

/** What the stages of a client are told of the connections below them. */
export interface ConnectionSource {
  readonly connectionOf: ConnectionOf;
  /** Gives the step that the connection is at which a request waits for; `undefined`: none is being made for it. */
  readonly connectingPhaseOf: (options: Dispatcher.DispatchOptions) => HttpPhase | undefined;
}
