import { isIP } from 'node:net';
import {
  TlsError,
  type ClientConfig,
  type ClientEngineOptions,
  type TlsBackend,
  type TlsClientContext,
} from '@org/tls-core';
import {
  checkClientConfig,
  checkClientEngineOptions,
  ExternalPskDigests,
  type OptionalHooks,
} from '@org/tls-core/backend';
import { ClientSide, type ClientRules } from '../sides/client-side.ts';
import { commonOptions } from './common-options.ts';
import { loadCredential, ownSignatureSchemes } from '../identity/credentials.ts';
import { NativeEngine } from '../engine/engine.ts';
import { made } from '../border/faults.ts';
import type { Host } from '../border/host.ts';
import { identitiesOf } from '../identity/identities.ts';
import { PeerJudge, type PeerJudgeOptions } from '../trust/peer-judge.ts';
import { onePreSharedKey } from '../session/pre-shared-keys.ts';
import { maxLifetimeSeconds } from '../session/session-envelope.ts';
import { currentSessionRules, fixedSessionRules, sha256 } from '../session/session-rules.ts';
import { verifierRemedies } from '../trust/verifier-option.ts';

export function clientContext(backend: TlsBackend, host: Host, given: ClientConfig): TlsClientContext {
  const { addon, library, drive, verifier } = host;
  const config = checkClientConfig(given, { ...backend, remedies: verifierRemedies });
  const judgedBy: PeerJudgeOptions = {
    role: 'client',
    trust: config.trust,
    acceptAny: config.dangerous?.acceptAnyCertificate === true,
    asksForStaple: config.ocspStapling,
    verifier,
  };
  const currentRules = currentSessionRules({ role: 'client', config }, host);
  const pskDigests = new ExternalPskDigests(config.externalPsks, sha256);
  const judge = new PeerJudge(host, config, judgedBy);
  const credentials = identitiesOf(config).map((identity) => loadCredential(addon, identity));
  const context = made(
    addon.createContext(
      {
        ...commonOptions(config, host),
        ownSignatureSchemes: ownSignatureSchemes(credentials, library.signatureSchemes),
        isServer: false,
        verify: 2,
        acceptAny: judge.acceptAny,
        provenChains: config.provenChains,
        askClientHello: false,
        askCertificate: credentials.length > 0 || config.selectIdentity !== undefined,
        askVerify: judge.askVerify,
        hasTicketKeys: false,
        askEarlyData: false,
        requestOcsp: judgedBy.asksForStaple,
        tickets: 0,
        sessionLifetimeSeconds: maxLifetimeSeconds,
        // The library fails a handshake whose session has other rules. What may change is compared before a session is offered.
        sessionRules: fixedSessionRules({ role: 'client', config }, host),
        replayScope: new Uint8Array(),
        authorities: config.certificateAuthorities,
        credentials: [],
        preSharedKeys: onePreSharedKey(config.externalPsks, pskDigests),
      },
      judge.trust,
    ),
  );
  const shared: ClientRules = { addon, library, context, config, currentRules, pskDigests, judge, credentials };
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: (options, sink) =>
      new NativeEngine(addon, (hooks) => clientSide(backend, shared, options, hooks), sink, drive),
  } satisfies TlsClientContext);
}

function clientSide(
  backend: TlsBackend,
  rules: ClientRules,
  given: ClientEngineOptions,
  hooks: OptionalHooks,
): ClientSide {
  const options = checkClientEngineOptions(given);
  const { serverName, alpnProtocols, session, sessionStore, earlyData } = options;
  const { echConfigList, unusableEchConfigs } = options;
  const { features } = backend.capabilities.client;
  if (echConfigList !== undefined) throw unsupported('echConfigList', 'offer Encrypted Client Hello');
  if (unusableEchConfigs !== undefined) throw unsupported('unusableEchConfigs', 'offer Encrypted Client Hello');
  if (session !== undefined && !features.resumption) throw unsupported('session', 'resume sessions here');
  if (sessionStore !== undefined && !features.resumption) throw unsupported('sessionStore', 'resume sessions here');
  if (earlyData !== undefined && !features.earlyData) throw unsupported('earlyData', 'send early data here');
  const target = { serverName, isAddress: isIP(serverName) !== 0, alpnProtocols, sessionStore, earlyData };
  return new ClientSide(rules, hooks, target, session);
}

function unsupported(option: string, what: string): TlsError {
  return new TlsError('ERR_TLS_UNSUPPORTED', `the native backend cannot ${what}; @org/tls-pure can`, { option });
}
