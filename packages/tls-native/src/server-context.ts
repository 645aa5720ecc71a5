import {
  checkServerConfig,
  MemoryReplayGuard,
  type ServerConfig,
  type TlsBackend,
  type TlsServerContext,
} from '@org/tls-core';
import { commonOptions } from './common-options.ts';
import { loadCredential, ownSignatureSchemes } from './credentials.ts';
import { NativeEngine } from './engine.ts';
import { made } from './faults.ts';
import type { Host } from './host.ts';
import { identitiesOf } from './identities.ts';
import { PeerJudge, type PeerJudgeOptions } from './peer-judge.ts';
import { preSharedKeys } from './pre-shared-keys.ts';
import { isInContext, ServerSide, type ServerRules } from './server-side.ts';
import { sessionRules } from './session-rules.ts';
import { verifierRemedies } from './verifier-option.ts';

/** Contexts that this backend made, for `selectContext`. */
const allRules = new WeakMap<TlsServerContext, ServerRules>();

const verifyOf = { none: 0, request: 1, require: 2 } as const;

export function serverContext(backend: TlsBackend, host: Host, config: ServerConfig): TlsServerContext {
  const { addon, library, drive, verifier } = host;
  checkServerConfig(config, { ...backend, remedies: verifierRemedies });
  const judgedBy: PeerJudgeOptions = {
    role: 'server',
    trust: config.clientTrust,
    acceptAny: config.dangerous?.acceptAnyClientCertificate === true,
    asksForStaple: false,
    verifier,
  };
  const judge = new PeerJudge(addon, config, judgedBy);
  const verify = verifyOf[config.clientAuthentication ?? 'none'];
  const requiresPsk = config.requirePsk ?? false;
  const maxEarlyData = config.maxEarlyData ?? 0;
  const replayGuard = config.replayGuard ?? new MemoryReplayGuard(config.clock ?? Date.now);
  const credentials = identitiesOf(config).map((identity) => loadCredential(addon, identity));
  const inContext = isInContext(credentials);
  const isStapledLater = credentials.some(({ identity }) => typeof identity.ocspResponse === 'function');
  const askTicketKeys = config.ticketKeys !== undefined && config.tickets !== 0;
  const asksHooks = config.selectIdentity !== undefined || config.selectContext !== undefined;
  const context = made(
    addon.createContext(
      {
        // TLS 1.2 has no external keys
        ...commonOptions(requiresPsk ? { ...config, minVersion: 'TLSv1.3' } : config, host),
        ownSignatureSchemes: ownSignatureSchemes(inContext ? credentials : [], library.signatureSchemes),
        isServer: true,
        verify,
        acceptAny: judge.acceptAny,
        askClientHello: asksHooks || askTicketKeys || isStapledLater || (credentials.length > 0 && !inContext),
        askCertificate: false,
        askVerify: judge.askVerify,
        askTicketKeys,
        askEarlyData: maxEarlyData > 0,
        requestOcsp: false,
        isFallback: false,
        allowsLegacyRenegotiation: false,
        retriesForPostQuantum: config.postQuantumRetry ?? true,
        requiresPsk,
        maxEarlyData,
        tickets: config.tickets ?? 2,
        sessionLifetimeSeconds: config.sessionLifetimeSeconds ?? 7200,
        sessionRules: sessionRules(config, judgedBy, { verify, requiresPsk }),
        authorities: config.certificateAuthorities ?? [],
        credentials: inContext ? credentials.map(({ handle }) => handle) : [],
        preSharedKeys: preSharedKeys(config.externalPsks),
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
    rulesOf: (other) => allRules.get(other),
  };
  const result: TlsServerContext = Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) => new NativeEngine(addon, new ServerSide(rules), sink, drive),
  } satisfies TlsServerContext);
  allRules.set(result, rules);
  return result;
}
