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
  VerifyPeer,
} from '@org/tls-core';
import { TlsError } from '@org/tls-core';
import { andThen } from '@org/tls-core/backend';
import {
  atDesk,
  endingWithHandshake,
  LentContexts,
  type Desk,
  type Loan,
  type LoanTerms,
} from '../context/lent-contexts.ts';
import type { SecureContext } from '../secure-context.ts';
import type { PeerJudge } from './peer-judge.ts';

/** What one connection of a server is to be. */
export interface ServerPlan {
  readonly backend: TlsBackend;
  readonly context: SecureContext;
  /** Gives whose certificates and keys are used in the place of the context's; a program's callbacks may say so within the handshake. */
  readonly keyCert: () => SecureContext | undefined;
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
 * Makes the engine of a server's connection. The context that it begins with has this connection's hooks, and no identity where connections
 * share the context that the ClientHello leads to: to read a key takes longer than all else.
 * @throws TlsError what the backend refuses
 */
export function serverEngine(plan: ServerPlan, sink: EngineSink): TlsEngine {
  const { backend, context, alpnProtocols } = plan;
  if (!isShared(plan)) {
    const selectContext = (hello: ClientHelloInfo): MaybePromise<TlsServerContext> => choose(plan, hello, undefined);
    return backend.createServerContext({ ...configOf(plan, context, alpnProtocols), selectContext }).createEngine(sink);
  }
  const visit: Visit = { plan, loans: [] };
  const loan = firstContexts.lend(termsOf(plan, context), visit, (desk) => {
    const { identity: _identity, ...config } = configOf(plan, context, alpnProtocols, verifyAtDesk(desk));
    return backend.createServerContext({ ...config, selectIdentity: noIdentity, selectContext: selectAtDesk(desk) });
  });
  visit.loans.push(loan);
  const end = (): void => visit.loans.forEach((each) => each.end());
  return loan.context.createEngine(endingWithHandshake(sink, { end }));
}

/** A connection, and the contexts that it has been lent. */
interface Visit {
  readonly plan: ServerPlan;
  readonly loans: Loan<TlsServerContext>[];
}

const firstContexts = new LentContexts<TlsServerContext, Visit>();
const contexts = new LentContexts<TlsServerContext, Visit>();

/*
 * The hooks of a context that is lent ask the connection that has it. They are made where no connection is in scope: the context outlives the
 * one that it was made for.
 */

function selectAtDesk(desk: Desk<Visit>): (hello: ClientHelloInfo) => MaybePromise<TlsServerContext> {
  return (hello) => {
    const party = atDesk(desk);
    return choose(party.plan, hello, party);
  };
}

function verifyAtDesk(desk: Desk<Visit>): VerifyPeer {
  return (peer) => atDesk(desk).plan.judge?.verifyPeer(peer);
}

/** Gives the context that the ClientHello leads to. @param visit `undefined`: contexts are made for this connection alone */
function choose(plan: ServerPlan, hello: ClientHelloInfo, visit: Visit | undefined): MaybePromise<TlsServerContext> {
  plan.greeted(hello);
  const { alpnProtocols, selectContext, selectProtocol } = plan;
  const { serverName } = hello;
  const chosen = serverName === undefined ? undefined : selectContext?.(serverName);
  return andThen(chosen, (context = plan.context) => {
    if (selectProtocol === undefined || hello.alpnProtocols.length === 0) {
      // a callback may have said by now whose certificates are used
      if (visit !== undefined && isShared(plan)) return lentContext(visit, context);
      return plan.backend.createServerContext(configOf(plan, context, alpnProtocols));
    }
    const protocol = selectProtocol(hello);
    if (protocol === undefined)
      throw new TlsError('ERR_TLS_NO_APPLICATION_PROTOCOL', 'ALPNCallback chose none of the client’s protocols');
    return plan.backend.createServerContext(configOf(plan, context, [protocol]));
  });
}

/** Gives a context for connections with the same first context (whose ticket keys it has) and protocols: one for all where nobody is judged. */
function lentContext(visit: Visit, context: SecureContext): TlsServerContext {
  const { plan } = visit;
  const make = (verifyPeer?: VerifyPeer): TlsServerContext =>
    plan.backend.createServerContext(configOf(plan, context, plan.alpnProtocols, verifyPeer));
  if (plan.judge === undefined) return sharedContext(plan, context, make);
  const loan = contexts.lend(termsOf(plan, context), visit, (desk) => make(verifyAtDesk(desk)));
  visit.loans.push(loan);
  return loan.context;
}

const names = new WeakMap<SecureContext, number>();
let lastName = 0;

/** A number that stands for a context. */
function nameOf(context: SecureContext): number {
  const name = names.get(context) ?? (lastName += 1);
  names.set(context, name);
  return name;
}

function termsOf({ backend, judge, context: first, ...plan }: ServerPlan, context: SecureContext): LoanTerms {
  const { alpnProtocols, requiresCertificate } = plan;
  const judged = judge !== undefined;
  const words = JSON.stringify([nameOf(first), alpnProtocols, judged, requiresCertificate, context.trust.version]);
  return { backend, owner: context, words };
}

/** True where nothing in a context is of one connection, but for who judges the client. */
function isShared({ keyCert, keyLog, psks, sessionStore, staple }: ServerPlan): boolean {
  return keyCert() === undefined && !keyLog && psks.length === 0 && sessionStore === undefined && staple === undefined;
}

/** A context that was made for connections with the same backend, first context and protocols. */
function sharedContext(plan: ServerPlan, context: SecureContext, make: () => TlsServerContext): TlsServerContext {
  const { backend, alpnProtocols } = plan;
  const known = shared
    .get(context)
    ?.find((each) => each.backend === backend && each.first === plan.context && each.alpnProtocols === alpnProtocols);
  if (known !== undefined) return known.made;
  const made = make();
  // a few servers share a context; more than that, and those that were made first are made again
  const others = shared.get(context)?.slice(-maxShared + 1) ?? [];
  shared.set(context, [...others, { backend, first: plan.context, alpnProtocols, made }]);
  return made;
}

interface SharedContext {
  readonly backend: TlsBackend;
  readonly first: SecureContext;
  readonly alpnProtocols: ServerPlan['alpnProtocols'];
  readonly made: TlsServerContext;
}

const maxShared = 8;
const shared = new WeakMap<SecureContext, readonly SharedContext[]>();

/** @param verifyPeer in the place of the plan's judge, where it has one */
function configOf(
  plan: ServerPlan,
  context: SecureContext,
  alpnProtocols: ServerPlan['alpnProtocols'],
  verifyPeer = plan.judge?.verifyPeer,
): ServerConfig {
  const { judge, ticketKeys, sessionStore, requiresCertificate } = plan;
  const { selectIdentity: _selectIdentity, identity, ...config } = context.serverConfig(plan.backend);
  const keyCert = plan.keyCert();
  return {
    ...config,
    ...identityOf(plan, keyCert === undefined ? identity : keyCert.serverConfig(plan.backend).identity),
    keyLog: plan.keyLog,
    ...(alpnProtocols.length > 0 && { alpnProtocols }),
    ...(plan.psks.length > 0 && { externalPsks: plan.psks }),
    ...(config.ticketKeys !== undefined && { ticketKeys }),
    ...(sessionStore !== undefined && withStore(config, sessionStore)),
    ...(judge !== undefined && {
      clientAuthentication: requiresCertificate ? 'require' : 'request',
      dangerous: { acceptAnyClientCertificate: true },
      ...(verifyPeer !== undefined && { verifyPeer }),
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
  if (staple === undefined) return { identity };
  const withStaple = (each: Identity): Identity =>
    each.certificateChain === undefined ? each : { ...each, ocspResponse: () => staple(each) };
  return { identity: [identity].flat().map((each) => withStaple(each)) };
}

function noIdentity(): never {
  throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'the server has no certificate');
}
