import type {
  ClientConfig,
  EngineSink,
  ExternalPsk,
  TlsBackend,
  TlsClientContext,
  TlsEngine,
  TlsSession,
  VerifyPeer,
} from '@org/tls-core';
import { isIpAddress } from '@org/tls-core/backend';
import { rootCertificates } from '../context/ca-certificates.ts';
import { atDesk, endingWithHandshake, LentContexts, type Desk } from '../context/lent-contexts.ts';
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
 * peer is said in one place for all backends. Connections of the same options share contexts, one at a time.
 * @throws TlsError what the backend refuses
 */
export function clientEngine(plan: ClientPlan, sink: EngineSink): TlsEngine {
  const { backend, context, servername, session, alpnProtocols, judge } = plan;
  const serverName = servername === undefined || servername === '' ? nameless : servername;
  const options = { serverName, ...(session !== undefined && { session }) };
  const own = context.clientConfig(backend);
  if (plan.keyCert !== undefined || plan.psk !== undefined) {
    return backend.createClientContext(configOf(plan, own, judge.verifyPeer)).createEngine(options, sink);
  }
  const { keyLog, requestOcsp } = plan;
  const { identity, ...common } = own;
  const words = JSON.stringify([common, alpnProtocols, keyLog, requestOcsp, context.trust.version]);
  // where there is no key, contexts are alike whoever made them
  const terms = { backend, owner: identity === undefined ? keyless : context, words };
  const loan = contexts.lend(terms, judge, (desk) =>
    backend.createClientContext(configOf(plan, own, verifyAtDesk(desk))),
  );
  return loan.context.createEngine(options, endingWithHandshake(sink, loan));
}

/** Gives the hook of a context that is lent. It is made where no connection is in scope: the context outlives the one that it was made for. */
function verifyAtDesk(desk: Desk<PeerJudge>): VerifyPeer {
  return (peer) => atDesk(desk).verifyPeer(peer);
}

const contexts = new LentContexts<TlsClientContext, PeerJudge>();
const keyless = {};

function configOf(
  { backend, keyCert, psk, ...plan }: ClientPlan,
  { identity, ...common }: ClientConfig,
  verifyPeer: VerifyPeer,
): ClientConfig {
  const own = keyCert === undefined ? identity : keyCert.clientConfig(backend).identity;
  return {
    ...common,
    ...(own !== undefined && { identity: own }),
    ...unusedTrust,
    dangerous: { acceptAnyCertificate: true },
    verifyPeer,
    verifyResumedPeer: true,
    keyLog: plan.keyLog,
    ocspStapling: plan.requestOcsp,
    ...(plan.alpnProtocols.length > 0 && { alpnProtocols: plan.alpnProtocols }),
    ...(psk !== undefined && { externalPsks: [psk] }),
  };
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
