import { optionNames, ownOptions } from '@org/tls-core/backend';
import type { Agent } from 'undici';

/** undici's settings of the pool: timeouts, limits, keep-alive. The settings of the connection are in `HttpClientOptions`. */
export type AgentOptions = Omit<
  Agent.Options,
  | 'allowH2'
  | 'autoSelectFamily'
  | 'autoSelectFamilyAttemptTimeout'
  | 'connect'
  | 'connectTimeout'
  | 'factory'
  | 'idleTimeout'
  | 'interceptors'
  | 'keepAlive'
  | 'maxCachedSessions'
  | 'maxKeepAliveTimeout'
  | 'requestTimeout'
  | 'socketPath'
  | 'socketTimeout'
  | 'tls'
>;

/**
 * Copies the options and refuses those of a connection: undici takes any option, but our connector makes the connection, so that they would
 * have no effect.
 * @returns a copy of the object's own options
 * @throws TypeError on an option that is not obeyed
 */
export function readAgentOptions(agent: AgentOptions = {}): AgentOptions {
  return ownOptions(agent, known, 'agent');
}

const known = optionNames<AgentOptions>({
  bodyTimeout: true,
  clientTtl: true,
  connectionWindowSize: true,
  connections: true,
  eventSource: true,
  headersTimeout: true,
  initialWindowSize: true,
  keepAliveMaxTimeout: true,
  keepAliveTimeout: true,
  keepAliveTimeoutThreshold: true,
  localAddress: true,
  maxConcurrentStreams: true,
  maxHeaderSize: true,
  maxOrigins: true,
  maxRequestsPerClient: true,
  maxResponseSize: true,
  pingInterval: true,
  pipelining: true,
  strictContentLength: true,
  webSocket: true,
});
