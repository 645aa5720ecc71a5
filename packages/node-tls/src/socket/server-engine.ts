import type {
  ClientHelloInfo,
  EngineSink,
  ExternalPsk,
  Identity,
  MaybePromise,
  ServerConfig,
  ServerSessionStore,
  TicketKeys,
  TlsBackend,
  TlsEngine,
  TlsServerContext,
} from '@org/tls-core';
import { TlsError } from '@org/tls-core';
import { andThen } from '@org/tls-core/backend';
import type { SecureContext } from '../secure-context.ts';
import type { PeerJudge } from './peer-judge.ts';

/** What one connection of a server is to be. */
export interface ServerPlan {
  readonly backend: TlsBackend;
  readonly context: SecureContext;
  /** `undefined`: the client is not asked for a certificate. */
  readonly judge: PeerJudge | undefined;
  /** True: a client without a certificate is refused. */
  readonly requiresCertificate: boolean;
  readonly alpnProtocols: readonly (string | Uint8Array)[];
  readonly keyLog: boolean;
  readonly ticketKeys: TicketKeys;
  readonly sessionStore: ServerSessionStore | undefined;
  /** Chooses the context by the name that the client asks for; `undefined`: it stays. */
  readonly selectContext: ((servername: string) => MaybePromise<SecureContext | undefined>) | undefined;
  /** Hears what the client says first. */
  readonly greeted: (hello: ClientHelloInfo) => void;
  /** Chooses the protocol of those that the client offers. */
  readonly selectProtocol: ((hello: ClientHelloInfo) => string | undefined) | undefined;
  /** Asks for an OCSP response to staple, for a client that wants one. */
  readonly staple: ((identity: Identity) => MaybePromise<Uint8Array | undefined>) | undefined;
  /** Those that the client offers and the program knows. */
  readonly psks: readonly ExternalPsk[];
}

/**
 * Makes the engine of a server's connection.
 * @throws TlsError what the backend refuses
 */
export function serverEngine(plan: ServerPlan, sink: EngineSink): TlsEngine {
  const { context, alpnProtocols } = plan;
  const config = configOf(plan, context, alpnProtocols);
  const selectContext = (hello: ClientHelloInfo): MaybePromise<TlsServerContext | undefined> => {
    plan.greeted(hello);
    return choose(plan, hello);
  };
  return plan.backend.createServerContext({ ...config, selectContext }).createEngine(sink);
}

/** Makes the context that the ClientHello leads to; `undefined`: the first one stays. */
function choose(plan: ServerPlan, hello: ClientHelloInfo): MaybePromise<TlsServerContext | undefined> {
  const { backend, context, alpnProtocols, selectContext, selectProtocol } = plan;
  const { serverName } = hello;
  const chosen = serverName === undefined ? undefined : selectContext?.(serverName);
  return andThen(chosen, (other) => {
    if (selectProtocol === undefined || hello.alpnProtocols.length === 0)
      return other && backend.createServerContext(configOf(plan, other, alpnProtocols));
    const protocol = selectProtocol(hello);
    if (protocol === undefined)
      throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL', 'ALPNCallback chose none of the client’s protocols');
    return backend.createServerContext(configOf(plan, other ?? context, [protocol]));
  });
}

function configOf(plan: ServerPlan, context: SecureContext, alpnProtocols: ServerPlan['alpnProtocols']): ServerConfig {
  const { judge, ticketKeys, sessionStore, requiresCertificate } = plan;
  const { selectIdentity: _selectIdentity, ...config } = context.serverConfig(plan.backend);
  return {
    ...config,
    ...identityOf(plan, config.identity),
    keyLog: plan.keyLog,
    ...(alpnProtocols.length > 0 && { alpnProtocols }),
    ...(plan.psks.length > 0 && { externalPsks: plan.psks }),
    ...(config.ticketKeys !== undefined && { ticketKeys }),
    ...(sessionStore !== undefined && withStore(config, sessionStore)),
    ...(judge !== undefined && {
      clientAuthentication: requiresCertificate ? 'require' : 'request',
      dangerous: { acceptAnyClientCertificate: true },
      verifyPeer: judge.verifyPeer,
      verifyResumedPeer: true,
    }),
  };
}

/**
 * Keeps sessions in a program's store. Where tickets are off, the store is all that there is, and tickets hold the names of sessions in it:
 * TLS 1.3 has no other way to name one (RFC 8446 §4.6.1).
 */
function withStore({ tickets }: ServerConfig, sessionStore: ServerSessionStore): Partial<ServerConfig> {
  return tickets === 0 ? { sessionStore, tickets: 2, ticketKeys: undefined as never } : { sessionStore };
}

/** What the server proves itself with. Without a certificate it can be made, as Node's can, and has nothing in common with any client. */
function identityOf({ staple, psks }: ServerPlan, identity: ServerConfig['identity']): Partial<ServerConfig> {
  if (identity === undefined) return psks.length === 0 ? { selectIdentity: noIdentity } : {};
  if (staple === undefined) return {};
  const withStaple = (each: Identity): Identity =>
    each.certificateChain === undefined ? each : { ...each, ocspResponse: () => staple(each) };
  return { identity: [identity].flat().map((each) => withStaple(each)) };
}

function noIdentity(): never {
  throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'the server has no certificate');
}
