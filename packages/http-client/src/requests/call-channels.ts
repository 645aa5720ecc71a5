import { channel } from 'node:diagnostics_channel';
import type { ConnectionInfo } from '@org/tls-core';
import type { Call, CacheStatus } from './call.ts';

/** What all messages of one call share; the same object for each, so that a `WeakMap` can hold what a subscriber knows of the call. */
export interface CallIdentity {
  readonly method: string;
  readonly url: string;
}

/** The message of `@org/http-client:call:start`. */
export interface CallStart {
  readonly call: CallIdentity;
}

/** The message of `@org/http-client:call:response`: the caller gets a response, whose body may still come. */
export interface CallResponse {
  readonly call: CallIdentity;
  readonly status: number;
  readonly cacheStatus: CacheStatus;
  /** How the connection was secured that carried the response; `undefined` for plain HTTP and for the cache. */
  readonly security: ConnectionInfo | undefined;
}

/** The message of `@org/http-client:call:end`: nothing of the call is left. */
export interface CallEnd {
  readonly call: CallIdentity;
  /** Why the call or the reading of its body failed. */
  readonly error: Error | undefined;
}

const starts = channel('@org/http-client:call:start');
const responses = channel('@org/http-client:call:response');
const ends = channel('@org/http-client:call:end');

/** Tells of a call that begins, and of its end. Nothing is made where nobody listens. */
export function tellOfCall(call: Call): void {
  if (starts.hasSubscribers) starts.publish({ call } satisfies CallStart);
  if (ends.hasSubscribers) call.whenEnded((error) => ends.publish({ call, error } satisfies CallEnd));
}

/** Tells of the response that a caller gets. */
export function tellOfResponse(call: Call, status: number, security: () => ConnectionInfo | undefined): void {
  if (!responses.hasSubscribers) return;
  const { cacheStatus } = call;
  responses.publish({ call, status, cacheStatus, security: security() } satisfies CallResponse);
}
