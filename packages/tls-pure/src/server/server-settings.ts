import {
  MemoryReplayGuard,
  type ClientHelloInfo,
  type MaybePromise,
  type ReplayGuard,
  type SelectIdentity,
  type ServerConfig,
  type ServerSessionStore,
  type TicketKeys,
} from '@org/tls-core';
import type { EchServerKeys } from '../ech/keys.ts';
import { loadEchKeys } from '../ech/keys.ts';
import type { CommonSettings } from '../handshake/settings.ts';
import { TicketKeyRing } from '../session/ticket-key-ring.ts';

/** A server's checked configuration in the engine's terms, shared by all connections of a context. */
export interface ServerSettings extends CommonSettings {
  readonly selectIdentity: SelectIdentity | undefined;
  readonly selectSettings: ((hello: ClientHelloInfo) => MaybePromise<ServerSettings | undefined>) | undefined;
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly requiresPsk: boolean;
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly ticketKeys: TicketKeys;
  readonly sessionStore: ServerSessionStore | undefined;
  /** Tickets only name what the store keeps. */
  readonly hasStatefulTickets: boolean;
  readonly tickets: number;
  readonly sessionLifetimeSeconds: number;
  readonly maxEarlyData: number;
  readonly replayGuard: ReplayGuard;
  readonly sendsRetryCookie: boolean;
  /** A round trip is spent on a post-quantum group that the client supports and sent no share for. */
  readonly retriesForPostQuantum: boolean;
  readonly ech: EchServerKeys;
}

/** @param selectSettings the hook `selectContext`, its result already looked up */
export function serverSettings(
  common: CommonSettings,
  config: ServerConfig,
  selectSettings: ServerSettings['selectSettings'],
): ServerSettings {
  const requiresPsk = config.requirePsk ?? false;
  const sessionLifetimeSeconds = config.sessionLifetimeSeconds ?? 7200;
  return {
    ...common,
    selectIdentity: config.selectIdentity,
    selectSettings,
    clientAuthentication: config.clientAuthentication ?? 'none',
    requiresPsk,
    // TLS 1.2 has no external keys
    speaksTls12: common.speaksTls12 && !requiresPsk,
    certificateAuthorities: config.certificateAuthorities ?? [],
    ticketKeys: config.ticketKeys ?? new TicketKeyRing(common.clock, common.random, sessionLifetimeSeconds * 1000),
    sessionStore: config.sessionStore,
    hasStatefulTickets: config.sessionStore !== undefined && config.ticketKeys === undefined,
    tickets: config.tickets ?? 2,
    sessionLifetimeSeconds,
    maxEarlyData: config.maxEarlyData ?? 0,
    replayGuard: config.replayGuard ?? new MemoryReplayGuard(common.clock),
    sendsRetryCookie: config.retryCookie ?? false,
    retriesForPostQuantum: config.postQuantumRetry ?? true,
    ech: loadEchKeys(common.crypto, config.echKeys ?? []),
  };
}
