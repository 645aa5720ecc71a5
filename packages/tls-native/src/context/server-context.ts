import { randomBytes, randomFillSync } from 'node:crypto';
import {
  checkServerConfig,
  ExternalPskDigests,
  MemoryReplayGuard,
  TicketKeyRing,
  type ServerConfig,
  type TlsBackend,
  type TlsServerContext,
} from '@org/tls-core';
import { commonOptions } from './common-options.ts';
import { loadCredential, ownSignatureSchemes } from '../identity/credentials.ts';
import { NativeEngine } from '../engine/engine.ts';
import { made } from '../border/faults.ts';
import type { Host } from '../border/host.ts';
import { identitiesOf } from '../identity/identities.ts';
import { PeerJudge, type PeerJudgeOptions } from '../trust/peer-judge.ts';
import { preSharedKeys } from '../session/pre-shared-keys.ts';
import { isInContext, ServerSide, type ServerRules } from '../sides/server-side.ts';
import { sessionRules, sha256 } from '../session/session-rules.ts';
import { verifierRemedies } from '../trust/verifier-option.ts';

/** The rules of each context that a backend made: `selectContext` gives contexts. */
const allRules = new WeakMap<TlsServerContext, ServerRules>();

const verifyOf = { none: 0, request: 1, require: 2 } as const;

export function serverContext(backend: TlsBackend, host: Host, given: ServerConfig): TlsServerContext {
  const { addon, library, drive, verifier } = host;
  const config = checkServerConfig(given, { ...backend, remedies: verifierRemedies });
  const judgedBy: PeerJudgeOptions = {
    role: 'server',
    trust: config.clientTrust,
    acceptAny: config.dangerous?.acceptAnyClientCertificate === true,
    asksForStaple: false,
    verifier,
  };
  const judge = new PeerJudge(addon, config, judgedBy);
  const verify = verifyOf[config.clientAuthentication ?? 'none'];
  const maxEarlyData = config.maxEarlyData ?? 0;
  const replayGuard = config.replayGuard ?? new MemoryReplayGuard(config.clock ?? Date.now);
  const credentials = identitiesOf(config).map((identity) => loadCredential(addon, identity));
  const inContext = isInContext(credentials);
  const isStapledLater = credentials.some(({ identity }) => typeof identity.ocspResponse === 'function');
  const { tickets = 2, sessionLifetimeSeconds = 7200, clock = Date.now } = config;
  // a platform that keeps the keys of its tickets to itself does not have the option
  const hasTicketKeys = tickets > 0 && backend.capabilities.server.options.includes('ticketKeys');
  const ownTicketKeys =
    hasTicketKeys && config.ticketKeys === undefined
      ? new TicketKeyRing(clock, (into) => void randomFillSync(into), sessionLifetimeSeconds * 1000)
      : undefined;
  const asksTicketKeys = hasTicketKeys && config.ticketKeys !== undefined;
  const pskDigests = new ExternalPskDigests(config.externalPsks ?? [], sha256);
  const asksHooks = config.selectIdentity !== undefined || config.selectContext !== undefined;
  const context = made(
    addon.createContext(
      {
        ...commonOptions(config, host),
        ownSignatureSchemes: ownSignatureSchemes(inContext ? credentials : [], library.signatureSchemes),
        isServer: true,
        verify,
        acceptAny: judge.acceptAny,
        askClientHello: asksHooks || asksTicketKeys || isStapledLater || (credentials.length > 0 && !inContext),
        askCertificate: false,
        askVerify: judge.askVerify,
        hasTicketKeys,
        askEarlyData: maxEarlyData > 0,
        requestOcsp: false,
        isFallback: false,
        allowsLegacyRenegotiation: false,
        retriesForPostQuantum: config.postQuantumRetry ?? true,
        requiresPsk: config.requirePsk ?? false,
        maxEarlyData,
        tickets,
        sessionLifetimeSeconds,
        sessionRules: sessionRules({ role: 'server', config }, host),
        // a guard in memory has not seen what other servers of the same keys took, nor what came before it was made
        replayScope: config.replayGuard === undefined ? randomBytes(16) : new Uint8Array(),
        authorities: config.certificateAuthorities ?? [],
        credentials: inContext ? credentials.map(({ handle }) => handle) : [],
        preSharedKeys: preSharedKeys(config.externalPsks, pskDigests),
      },
      judge.trust,
    ),
  );
  const rules: ServerRules = {
    addon,
    library,
    context,
    config,
    judge,
    credentials,
    replayGuard,
    ownTicketKeys,
    rulesOf: (other) => allRules.get(other),
  };
  const result: TlsServerContext = Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) => new NativeEngine(addon, (hooks) => new ServerSide(rules, hooks), sink, drive),
  } satisfies TlsServerContext);
  allRules.set(result, rules);
  return result;
}
