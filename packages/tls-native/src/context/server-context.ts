import { randomBytes, randomFillSync } from 'node:crypto';
import { MemoryReplayGuard, type ServerConfig, type TlsBackend, type TlsServerContext } from '@org/tls-core';
import { checkServerConfig, ExternalPskDigests, TicketKeyRing, type CheckedServerConfig } from '@org/tls-core/backend';
import { commonOptions } from './common-options.ts';
import { checkStaple, loadCredential, ownSignatureSchemes, type Credential } from '../identity/credentials.ts';
import { NativeEngine } from '../engine/engine.ts';
import { made } from '../border/faults.ts';
import type { ContextHandle, ContextOptions } from '../border/addon.ts';
import type { Host } from '../border/host.ts';
import { platforms } from '../border/platforms.ts';
import { identitiesOf } from '../identity/identities.ts';
import { PeerJudge } from '../trust/peer-judge.ts';
import { preSharedKeys } from '../session/pre-shared-keys.ts';
import { isInContext, ServerSide, type ServerRules } from '../sides/server-side.ts';
import { currentSessionRules, sha256 } from '../session/session-rules.ts';
import { verifierRemedies } from '../trust/verifier-option.ts';

/** The rules of each context that a backend made: `selectContext` gives contexts. */
const allRules = new WeakMap<TlsServerContext, ServerRules>();

const verifyOf = { none: 0, request: 1, require: 2 } as const;

export function serverContext(backend: TlsBackend, host: Host, given: ServerConfig): TlsServerContext {
  const { addon, library, drive, verifier } = host;
  const config = checkServerConfig(given, { ...backend, remedies: verifierRemedies });
  const judge = new PeerJudge(host, config, {
    role: 'server',
    trust: config.clientTrust,
    acceptAny: config.dangerous?.acceptAnyClientCertificate === true,
    asksForStaple: false,
    verifier,
  });
  const credentials = identitiesOf(config).map((identity) => {
    checkStaple(library, identity);
    return loadCredential(addon, identity);
  });
  const { tickets, sessionLifetimeSeconds, clock } = config;
  // a platform that keeps the keys of its tickets to itself does not have the option
  const hasTicketKeys = tickets > 0 && backend.capabilities.server.options.includes('ticketKeys');
  const ownTicketKeys =
    hasTicketKeys && config.ticketKeys === undefined
      ? new TicketKeyRing(clock, (into) => void randomFillSync(into), sessionLifetimeSeconds * 1000)
      : undefined;
  const options = contextOptions(host, { config, judge, credentials, hasTicketKeys });
  const contextUnder = (rulesDigest: Uint8Array): ContextHandle =>
    made(addon.createContext({ ...options, sessionRules: rulesDigest, tickets, sessionLifetimeSeconds }, judge.trust));
  const rules: ServerRules = {
    addon,
    library,
    currentContext: latest(currentSessionRules({ role: 'server', config }, host), contextUnder),
    config,
    judge,
    credentials,
    replayGuard: config.replayGuard ?? new MemoryReplayGuard(clock),
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

/** Gives what is made of a value that may change: another one when it is another object. The first is made at once. */
function latest<Value extends object, Made>(current: () => Value, make: (value: Value) => Made): () => Made {
  const first = current();
  let known = { value: first, made: make(first) };
  return () => {
    const value = current();
    if (value !== known.value) known = { value, made: make(value) };
    return known.made;
  };
}

interface ServerParts {
  readonly config: CheckedServerConfig;
  readonly judge: PeerJudge;
  readonly credentials: readonly Credential[];
  readonly hasTicketKeys: boolean;
}

function contextOptions(
  host: Host,
  { config, judge, credentials, hasTicketKeys }: ServerParts,
): Omit<ContextOptions, 'tickets' | 'sessionLifetimeSeconds' | 'sessionRules'> {
  const inContext = isInContext(credentials);
  const isStapledLater = credentials.some(({ identity }) => typeof identity.ocspResponse === 'function');
  const asksTicketKeys = hasTicketKeys && config.ticketKeys !== undefined;
  const asksHooks = config.selectIdentity !== undefined || config.selectContext !== undefined;
  const hasChangingLists = config.revocation?.lists !== undefined;
  const pskDigests = new ExternalPskDigests(config.externalPsks, sha256);
  const { showsClientHello } = platforms[host.library.name];
  return {
    ...commonOptions(config, host),
    ownSignatureSchemes: ownSignatureSchemes(inContext ? credentials : [], host.library.signatureSchemes),
    isServer: true,
    verify: verifyOf[config.clientAuthentication],
    acceptAny: judge.acceptAny,
    provenChains: config.provenChains,
    askClientHello:
      asksHooks ||
      hasChangingLists ||
      asksTicketKeys ||
      isStapledLater ||
      showsClientHello ||
      (credentials.length > 0 && !inContext),
    askCertificate: false,
    askVerify: judge.askVerify,
    hasTicketKeys,
    askEarlyData: config.maxEarlyData > 0,
    requestOcsp: false,
    // a guard in memory has not seen what other servers of the same keys took, nor what came before it was made
    replayScope: config.replayGuard === undefined ? randomBytes(16) : new Uint8Array(),
    authorities: config.certificateAuthorities,
    credentials: inContext ? credentials.map(({ handle }) => handle) : [],
    preSharedKeys: preSharedKeys(config.externalPsks, pskDigests),
  };
}
