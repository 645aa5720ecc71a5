import {
  checkServerConfig,
  MemoryReplayGuard,
  type ServerConfig,
  type TlsBackend,
  type TlsServerContext,
} from '@org/tls-core';
import type { Addon, NativeLibrary } from './addon.ts';
import { commonOptions } from './common-options.ts';
import { loadCredential } from './credentials.ts';
import { NativeEngine } from './engine.ts';
import { made } from './faults.ts';
import { identitiesOf } from './identities.ts';
import { preSharedKeys } from './pre-shared-keys.ts';
import { ServerSide, type ServerRules } from './server-side.ts';
import { sessionRules } from './session-rules.ts';
import { trustStore } from './trust.ts';

/** Contexts that this backend made, for `selectContext`. */
const allRules = new WeakMap<TlsServerContext, ServerRules>();

const verifyOf = { none: 0, request: 1, require: 2 } as const;

export function serverContext(
  backend: TlsBackend,
  addon: Addon,
  library: NativeLibrary,
  config: ServerConfig,
): TlsServerContext {
  checkServerConfig(config, backend);
  const acceptAny = config.dangerous?.acceptAnyClientCertificate === true;
  const verify = verifyOf[config.clientAuthentication ?? 'none'];
  const maxEarlyData = config.maxEarlyData ?? 0;
  const replayGuard = config.replayGuard ?? new MemoryReplayGuard(config.clock ?? Date.now);
  const credentials = identitiesOf(config).map((identity) => loadCredential(addon, identity));
  const [only, ...more] = credentials;
  const isStapledLater = credentials.some(({ identity }) => typeof identity.ocspResponse === 'function');
  const askTicketKeys = config.ticketKeys !== undefined && config.tickets !== 0;
  const asksHooks = config.selectIdentity !== undefined || config.selectContext !== undefined;
  const context = made(
    addon.createContext(
      {
        ...commonOptions(config, library),
        isServer: true,
        verify,
        acceptAny,
        askClientHello: asksHooks || askTicketKeys || isStapledLater || more.length > 0,
        askCertificate: false,
        askVerify: config.verifyPeer !== undefined,
        askTicketKeys,
        askEarlyData: maxEarlyData > 0,
        requestOcsp: false,
        isFallback: false,
        maxEarlyData,
        tickets: config.tickets ?? 2,
        sessionLifetimeSeconds: config.sessionLifetimeSeconds ?? 7200,
        sessionRules: sessionRules({ trust: config.clientTrust, acceptAny, verify }),
        authorities: config.certificateAuthorities ?? [],
        credentials: only === undefined || more.length > 0 ? [] : [only.handle],
        preSharedKeys: preSharedKeys(config.externalPsks),
      },
      config.clientTrust === undefined ? undefined : trustStore(addon, config.clientTrust),
    ),
  );
  const rules: ServerRules = {
    addon,
    library,
    context,
    config,
    credentials,
    replayGuard,
    rulesOf: (other) => allRules.get(other),
  };
  const result: TlsServerContext = Object.freeze({
    role: 'server',
    backend,
    createEngine: (sink) => new NativeEngine(addon, new ServerSide(rules), sink),
  } satisfies TlsServerContext);
  allRules.set(result, rules);
  return result;
}
