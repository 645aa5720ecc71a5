import type { ClientConfig, EngineSink, ExternalPsk, TlsBackend, TlsEngine, TlsSession } from '@org/tls-core';
import { isIpAddress } from '@org/tls-core/backend';
import type { SecureContext } from '../secure-context.ts';
import type { PeerJudge } from './peer-judge.ts';

/** What one connection of a client is to be. */
export interface ClientPlan {
  readonly backend: TlsBackend;
  readonly context: SecureContext;
  readonly judge: PeerJudge;
  readonly servername: string | undefined;
  readonly session: TlsSession | undefined;
  readonly alpnProtocols: readonly (string | Uint8Array)[];
  readonly keyLog: boolean;
  readonly requestOcsp: boolean;
  readonly psk: ExternalPsk | undefined;
}

/**
 * Makes the engine of a client's connection. The backend accepts any certificate, and the judge is its hook: what Node's options say of the
 * peer is said in one place for all backends.
 * @throws TlsError what the backend refuses
 */
export function clientEngine(plan: ClientPlan, sink: EngineSink): TlsEngine {
  const { backend, context, judge, servername, session, alpnProtocols, psk } = plan;
  const config: ClientConfig = {
    ...context.clientConfig(backend),
    dangerous: { acceptAnyCertificate: true },
    verifyPeer: judge.verifyPeer,
    verifyResumedPeer: true,
    keyLog: plan.keyLog,
    ocspStapling: plan.requestOcsp,
    ...(alpnProtocols.length > 0 && { alpnProtocols }),
    ...(psk !== undefined && { externalPsks: [psk] }),
  };
  const serverName = servername === undefined || servername === '' ? nameless : servername;
  const options = { serverName, ...(session !== undefined && { session }) };
  return backend.createClientContext(config).createEngine(options, sink);
}

/**
 * Stands for no name: Node sends none unless `servername` says one, and an engine sends none for an address. The judge knows what the
 * certificate has to be for.
 */
const nameless = '0.0.0.0';

/** True for what is sent as `server_name`. */
export function isSentName(servername: string | undefined): servername is string {
  return servername !== undefined && servername !== '' && !isIpAddress(servername);
}
