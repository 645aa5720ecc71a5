import { isIP } from 'node:net';
import {
  checkClientConfig,
  checkServerName,
  TlsError,
  type ClientConfig,
  type ClientEngineOptions,
  type TlsBackend,
  type TlsClientContext,
} from '@org/tls-core';
import type { Addon, NativeLibrary } from './addon.ts';
import { ClientSide, type ClientRules } from './client-side.ts';
import { commonOptions } from './common-options.ts';
import { loadCredential } from './credentials.ts';
import { NativeEngine } from './engine.ts';
import { made } from './faults.ts';
import { identitiesOf } from './identities.ts';
import { onePreSharedKey } from './pre-shared-keys.ts';
import { sessionRules } from './session-rules.ts';
import { trustStore } from './trust.ts';

export function clientContext(
  backend: TlsBackend,
  addon: Addon,
  library: NativeLibrary,
  config: ClientConfig,
): TlsClientContext {
  checkClientConfig(config, backend);
  const acceptAny = config.dangerous?.acceptAnyCertificate === true;
  const rules = sessionRules({ trust: config.trust, acceptAny, verify: 2 });
  const credentials = identitiesOf(config).map((identity) => loadCredential(addon, identity));
  const context = made(
    addon.createContext(
      {
        ...commonOptions(config, library),
        isServer: false,
        verify: 2,
        acceptAny,
        askClientHello: false,
        askCertificate: credentials.length > 0 || config.selectIdentity !== undefined,
        askVerify: config.verifyPeer !== undefined,
        askTicketKeys: false,
        askEarlyData: false,
        requestOcsp: config.ocspStapling ?? true,
        isFallback: config.fallback ?? false,
        maxEarlyData: 0,
        tickets: 0,
        sessionLifetimeSeconds: maxLifetimeSeconds,
        sessionRules: rules,
        authorities: config.certificateAuthorities ?? [],
        credentials: [],
        preSharedKeys: onePreSharedKey(config.externalPsks),
      },
      trustStore(addon, config.trust ?? 'default'),
    ),
  );
  const shared: ClientRules = { addon, library, context, config, rules, credentials };
  return Object.freeze({
    role: 'client',
    backend,
    createEngine: (options, sink) => new NativeEngine(addon, clientSide(shared, options), sink),
  } satisfies TlsClientContext);
}

/** RFC 8446 §4.6.1: seven days. */
const maxLifetimeSeconds = 604_800;

function clientSide(rules: ClientRules, options: ClientEngineOptions): ClientSide {
  const { serverName, alpnProtocols, session, earlyData, echConfigList } = options;
  if (echConfigList !== undefined) throw unsupported('echConfigList', 'offer Encrypted Client Hello');
  checkServerName(serverName);
  return new ClientSide(rules, { serverName, isAddress: isIP(serverName) !== 0, alpnProtocols, earlyData }, session);
}

function unsupported(option: string, what: string): TlsError {
  return new TlsError('ERR_TLS_UNSUPPORTED', `the native backend cannot ${what}; @org/tls-pure can`, { option });
}
