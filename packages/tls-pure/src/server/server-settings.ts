import {
  MemoryReplayGuard,
  type ReplayGuard,
  type SelectIdentity,
  type ServerConfig,
  type ServerSessionStore,
  type TicketKeys,
  type TlsServerContext,
} from '@org/tls-core';
import { TicketKeyRing, type CheckedServerConfig } from '@org/tls-core/backend';
import type { EchServerKeys } from '../ech/keys.ts';
import { loadEchKeys } from '../ech/keys.ts';
import type { CommonSettings } from '../handshake/settings.ts';
import { ExternalPskIndex } from '../session/external-psk-index.ts';

/** A server's checked configuration in the engine's terms, shared by all connections of a context. */
export interface ServerSettings extends CommonSettings {
  readonly config: CheckedServerConfig;
  readonly selectIdentity: SelectIdentity | undefined;
  readonly selectContext: ServerConfig['selectContext'];
  /** @throws TlsError `ERR_TLS_HOOK` on a context of another backend */
  readonly settingsOf: (context: TlsServerContext) => ServerSettings;
  readonly clientAuthentication: 'none' | 'request' | 'require';
  readonly requiresPsk: boolean;
  readonly certificateAuthorities: readonly Uint8Array[];
  readonly ticketKeys: TicketKeys;
  readonly sessionStore: ServerSessionStore | undefined;
  /** True when the store keeps the sessions, and tickets only name them. */
  readonly hasStatefulTickets: boolean;
  readonly tickets: number;
  /** True: a resumed connection gets a ticket in place of the one that was used. */
  readonly renewsTickets: boolean;
  readonly sessionLifetimeSeconds: number;
  readonly maxEarlyData: number;
  readonly replayGuard: ReplayGuard;
  /** Stands in tickets for the memory of our own replay guard; empty: the guard is the configuration's, and decides itself what it knows. */
  readonly replayScope: Uint8Array;
  readonly sendsRetryCookie: boolean;
  /** True when a round trip is worth a post-quantum group that the client supports and sent no share for. */
  readonly retriesForPostQuantum: boolean;
  readonly knownPsks: ExternalPskIndex;
  readonly ech: EchServerKeys;
}

export function serverSettings(
  common: CommonSettings,
  config: CheckedServerConfig,
  settingsOf: ServerSettings['settingsOf'],
): ServerSettings {
  const { sessionLifetimeSeconds } = config;
  return {
    ...common,
    config,
    selectIdentity: config.selectIdentity,
    selectContext: config.selectContext,
    settingsOf,
    clientAuthentication: config.clientAuthentication,
    requiresPsk: config.requirePsk,
    certificateAuthorities: config.certificateAuthorities,
    ticketKeys: config.ticketKeys ?? new TicketKeyRing(common.clock, common.random, sessionLifetimeSeconds * 1000),
    sessionStore: config.sessionStore,
    hasStatefulTickets: config.sessionStore !== undefined && config.ticketKeys === undefined,
    tickets: config.tickets,
    renewsTickets: config.renewTickets,
    sessionLifetimeSeconds,
    maxEarlyData: config.maxEarlyData,
    replayGuard: config.replayGuard ?? new MemoryReplayGuard(common.clock),
    replayScope: config.replayGuard === undefined ? newReplayScope(common) : new Uint8Array(0),
    sendsRetryCookie: config.retryCookie,
    retriesForPostQuantum: config.postQuantumRetry,
    knownPsks: new ExternalPskIndex(common.crypto, common.externalPsks),
    ech: loadEchKeys(common.crypto, config.echKeys),
  };
}

/**
 * 128 random bits. A guard in memory has not seen what other servers of the same ticket keys took, nor what came before this one was made: it
 * can vouch for the tickets that were made beside it, and for no others (RFC 8446 §8.2).
 */
function newReplayScope({ crypto }: CommonSettings): Uint8Array {
  const scope = new Uint8Array(16);
  crypto.randomFill(scope);
  return scope;
}
