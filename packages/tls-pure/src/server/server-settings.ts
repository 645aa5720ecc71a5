import { MemoryReplayGuard, type ReplayGuard, type TicketKeys, type TlsServerContext } from '@org/tls-core';
import { TicketKeyRing, type CheckedServerConfig } from '@org/tls-core/backend';
import type { EchServerKeys } from '../ech/keys.ts';
import { loadEchKeys } from '../ech/keys.ts';
import type { CommonSettings } from '../handshake/settings.ts';
import { ExternalPskIndex } from '../session/external-psk-index.ts';

/** A server's checked configuration in the engine's terms, shared by all connections of a context. */
export interface ServerSettings extends CommonSettings {
  readonly config: CheckedServerConfig;
  /** @throws TlsError `ERR_TLS_HOOK` on a context of another backend */
  readonly settingsOf: (context: TlsServerContext) => ServerSettings;
  readonly ticketKeys: TicketKeys;
  /** True when the store keeps the sessions, and tickets only name them. */
  readonly hasStatefulTickets: boolean;
  readonly replayGuard: ReplayGuard;
  /** Stands in tickets for the memory of our own replay guard; empty: the guard is the configuration's, and decides itself what it knows. */
  readonly replayScope: Uint8Array;
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
    settingsOf,
    ticketKeys:
      config.ticketKeys ?? new TicketKeyRing(common.config.clock, common.random, sessionLifetimeSeconds * 1000),
    hasStatefulTickets: config.sessionStore !== undefined && config.ticketKeys === undefined,
    replayGuard: config.replayGuard ?? new MemoryReplayGuard(common.config.clock),
    replayScope: config.replayGuard === undefined ? newReplayScope(common) : new Uint8Array(0),
    knownPsks: new ExternalPskIndex(common.crypto, common.config.externalPsks),
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
