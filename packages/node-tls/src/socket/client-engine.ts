import type { ClientConfig, EngineSink, ExternalPsk, TlsBackend, TlsEngine, TlsSession } from '@org/tls-core';
import { isIpAddress } from '@org/tls-core/backend';
import { rootCertificates } from '../context/ca-certificates.ts';
import type { SecureContext } from '../secure-context.ts';
import type { PeerJudge } from './peer-judge.ts';

/** What one connection of a client is to be. */
export interface ClientPlan {
  readonly backend: TlsBackend;
  readonly context: SecureContext;
  /** Whose certificates and keys are used in the place of the context's. */
  readonly keyCert: SecureContext | undefined;
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
  const { backend, context, keyCert, judge, servername, session, alpnProtocols, psk } = plan;
  const { identity, ...common } = context.clientConfig(backend);
  const own = keyCert === undefined ? identity : keyCert.clientConfig(backend).identity;
  const config: ClientConfig = {
    ...common,
    ...(own !== undefined && { identity: own }),
    ...unusedTrust,
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
 * A backend wants somebody to be trusted, and reads its default list where nobody is named. The judge asks neither, and a program may have
 * emptied that list by `setDefaultCACertificates`. So it gets one certificate that nothing is judged by.
 */
const unusedTrust: Pick<ClientConfig, 'trust'> = { trust: rootCertificates.slice(0, 1) };

/**
 * Stands for no name: Node sends none unless `servername` says one, and an engine sends none for an address. The judge knows what the
 * certificate has to be for.
 */
const nameless = '0.0.0.0';

/** True for what is sent as `server_name`. */
export function isSentName(servername: string | undefined): servername is string {
  return servername !== undefined && servername !== '' && !isIpAddress(servername);
}
