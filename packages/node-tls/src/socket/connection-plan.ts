import type { NonSharedBuffer } from 'node:buffer';
import type { EventEmitter } from 'node:events';
import type { SecureContext as NodeSecureContext } from 'node:tls';
import type {
  ClientHelloInfo,
  ConnectionInfo,
  EngineSink,
  ExternalPsk,
  MaybePromise,
  TlsBackend,
  TlsEngine,
  TlsSession,
} from '@org/tls-core';
import { codedError, refused, wrongType } from '../coded-error.ts';
import { nameOf, signatureSchemeNumbers } from '@org/tls-core/backend';
import { hasOpenSsl32 } from '../context/alert-reasons.ts';
import { checkedBackend } from '../context/backend-option.ts';
import { sharedSigalgs } from '../context/key-exchange-names.ts';
import { openSslError } from '../context/openssl-error.ts';
import { sessionOfBuffer } from '../context/session-buffer.ts';
import {
  createSecureContext,
  SecureContext,
  verifierOf,
  type ChainVerifier,
  type SecureContextOptions,
} from '../secure-context.ts';
import { readAlpnProtocols } from './alpn-protocols.ts';
import { clientEngine, isSentName } from './client-engine.ts';
import { defaultBackend } from './default-backend.ts';
import { PeerJudge } from './peer-judge.ts';
import { carry } from './program-error.ts';
import { ClientHelloPsks } from './offered-psks.ts';
import { clientPsk, serverPsk } from './psk.ts';
import { serverEngine, type ServerPlan } from './server-engine.ts';
import { askContext, sessionStoreOf, stapleOf } from './server-events.ts';
import {
  identityCheck,
  type ClientPskCallback,
  type ConnectionOptions,
  type ServerPskCallback,
} from './socket-options.ts';

/** What a plan asks of its socket. */
interface PlannedSocket extends Pick<EventEmitter, 'emit' | 'listenerCount'> {
  servername: string | false | null;
}

/** What one connection is to be, until its handshake begins; and what it knows of its peer. */
export class ConnectionPlan {
  readonly isServer: boolean;
  /** A session to resume, as the program has it. */
  session: unknown;
  /** The name to send. */
  servername: string | undefined;
  /** The first bytes of a client, where what it offers decides what the engine is told. */
  #flight: ClientHelloPsks | undefined;
  #offeredPsks: readonly Uint8Array[] | undefined;
  #offeredSchemes: readonly number[] = [];
  readonly #options: ConnectionOptions;
  readonly #alpnProtocols: readonly (string | Uint8Array)[];
  #context: SecureContext;
  /** Whose certificates and keys are used in the place of the context's. */
  #keyCert: SecureContext | undefined;
  #judge: PeerJudge | undefined;
  #socket: PlannedSocket | undefined;
  #mute: (() => void) | undefined;

  /** @throws Error with Node's code on an option that cannot be used */
  constructor(options: ConnectionOptions) {
    checkOptions(options);
    checkedBackend(options.backend);
    this.#options = options;
    this.isServer = options.isServer === true;
    this.session = options.session;
    this.#flight = this.isServer && options.pskCallback ? new ClientHelloPsks() : undefined;
    this.#alpnProtocols = readAlpnProtocols(options.ALPNProtocols);
    this.#context = contextOf(options.secureContext ?? options);
  }

  /**
   * Says which socket it is for, which a program's callbacks are given.
   * @param mute has the connection end without an alert
   */
  attach(socket: PlannedSocket, mute: () => void): void {
    this.#socket = socket;
    this.#mute = mute;
  }

  /** False while the client's first bytes are still to come. */
  get isReady(): boolean {
    return this.#flight === undefined;
  }

  /** Takes the client's first bytes. @returns true once they are enough */
  read(bytes: Uint8Array): boolean {
    if (this.#flight === undefined) return true;
    this.#offeredPsks = this.#flight.take(bytes);
    if (this.#offeredPsks === undefined) return false;
    this.#flight = undefined;
    return true;
  }

  /** Says whose certificates and keys are used; of the context, nothing else is. */
  setKeyCert(context: NodeSecureContext | SecureContextOptions): void {
    this.#keyCert = contextOf(context);
  }

  /** @throws TlsError what the backend refuses */
  makeEngine(sink: EngineSink): TlsEngine {
    return this.isServer ? this.#makeServer(sink) : this.#makeClient(sink);
  }

  /** Why the peer is not to be trusted; `undefined` where it is, or was not asked. */
  peerError(info: ConnectionInfo | undefined): Error | undefined {
    return this.#judge?.errorOf(info);
  }

  /** The peer's certificates, leaf first. */
  peerPath(info: ConnectionInfo | undefined): readonly Uint8Array[] {
    const chain = info?.peer?.chain ?? [];
    const path = this.#judge?.path ?? [];
    return path.length > chain.length ? path : chain;
  }

  /** True for the session that the client has offered. */
  isOffered({ state }: TlsSession): boolean {
    const offered = sessionOfBuffer(this.session);
    return offered !== undefined && Buffer.compare(offered.state, state) === 0;
  }

  /** The signature schemes of both sides, by OpenSSL's names, in our order. */
  get sharedSigalgs(): string[] {
    const backend = this.#backend();
    const { signatureSchemes } = this.#context.serverConfig(backend);
    const ours = signatureSchemes ?? backend.capabilities.server.signatureSchemes;
    const offered = new Set(this.#offeredSchemes.map((scheme) => nameOf(signatureSchemeNumbers, scheme)));
    return sharedSigalgs(ours.filter((name) => offered.has(name)));
  }

  /** OpenSSL tells lists of signature schemes that have nothing in common from a key that fits none of what they have. */
  explained(error: Error): Error {
    const { code } = error as { readonly code?: unknown };
    if (code !== 'ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM' || this.#offeredSchemes.length === 0) return error;
    if (this.sharedSigalgs.length > 0) return error;
    return openSslError({ number: 376, reason: 'no shared signature algorithms', cause: error.cause });
  }

  /** The session of a client that has got no ticket yet: the one that is resumed, else one that resumes nothing, as in Node. */
  sessionBefore(info: ConnectionInfo | undefined): NonSharedBuffer | undefined {
    if (info === undefined || this.isServer) return undefined;
    return info.resumed && this.session instanceof Uint8Array ? Buffer.from(this.session) : Buffer.from('no session');
  }

  /** Our own certificate. */
  ownCertificate(info: ConnectionInfo | undefined): Uint8Array | undefined {
    return (this.#keyCert ?? this.#context).ownCertificates[info?.identityIndex ?? 0];
  }

  /** The name that was sent, by us or by the peer. */
  nameOf(info: ConnectionInfo): string | false {
    if (this.isServer) return info.serverName ?? false;
    return isSentName(this.servername) ? this.servername : false;
  }

  #makeClient(sink: EngineSink): TlsEngine {
    const options = this.#options;
    const check = options[identityCheck];
    const requestOcsp = options.requestOCSP === true;
    const judge = new PeerJudge({
      verify: verifierOf(this.#context, 'client'),
      checkIdentity: check && ((chain, path) => check(path.length > 0 ? path : chain)),
      rejects: Boolean(options.rejectUnauthorized),
      onStaple: requestOcsp
        ? (response) => this.#socket?.emit('OCSPResponse', response === undefined ? null : Buffer.from(response))
        : undefined,
    });
    this.#judge = judge;
    return clientEngine(
      {
        backend: this.#backend(),
        context: this.#context,
        keyCert: this.#keyCert,
        judge,
        servername: this.servername,
        session: sessionOfBuffer(this.session),
        alpnProtocols: this.#alpnProtocols,
        keyLog: this.#wantsKeyLog(),
        requestOcsp,
        psk: this.#psk(),
      },
      sink,
    );
  }

  #makeServer(sink: EngineSink): TlsEngine {
    const { requestCert, rejectUnauthorized, ALPNCallback, SNICallback, server } = this.#options;
    // as Node, whatever stands there: what is not false, or nothing, rejects
    const rejects = Boolean(rejectUnauthorized);
    // by the context that the client's name leads to
    const verify: ChainVerifier = (chain) => verifierOf(this.#context, 'server')(chain);
    this.#judge = requestCert ? new PeerJudge({ verify, checkIdentity: undefined, rejects }) : undefined;
    const backend = this.#backend();
    const plan: ServerPlan = {
      backend,
      context: this.#context,
      keyCert: () => this.#keyCert,
      judge: this.#judge,
      requiresCertificate: rejects,
      alpnProtocols: this.#alpnProtocols,
      keyLog: this.#wantsKeyLog(),
      ticketKeys: this.#context.ticketKeys,
      sessionStore: keepsSessions(backend) ? sessionStoreOf(server) : undefined,
      selectContext: SNICallback && ((name) => this.#select(SNICallback, name)),
      selectProtocol: ALPNCallback && ((hello) => this.#selectProtocol(hello)),
      staple: stapleOf(server),
      psks: this.#serverPsks(),
      greeted: ({ signatureSchemes }) => {
        this.#offeredSchemes = signatureSchemes;
      },
    };
    return serverEngine(plan, sink);
  }

  #select(
    callback: NonNullable<ConnectionOptions['SNICallback']>,
    name: string,
  ): MaybePromise<SecureContext | undefined> {
    if (this.#socket !== undefined) this.#socket.servername = name;
    const chosen = askContext((done) => Reflect.apply(callback, this.#socket, [name, done]));
    const use = (context: unknown): SecureContext | undefined => {
      if (context === undefined || context === null) return undefined;
      if (!(context instanceof SecureContext))
        throw carry(codedError('ERR_TLS_INVALID_CONTEXT', 'Invalid SNI context', TypeError), 'ERR_TLS_HOOK');
      this.#context = context;
      // as in Node, the context of a name brings its own
      this.#keyCert = undefined;
      return context;
    };
    return chosen
      .then(use)
      .catch((error: unknown) => {
        // as in Node, a client is not told that the program has failed
        this.#mute?.();
        throw error;
      })
      .then((context) => {
        if (context?.ownCertificates.length !== 0 || this.#options.pskCallback) return context;
        throw carry(openSslError(noCertificate), 'ERR_TLS_NO_COMMON_PARAMETERS');
      });
  }

  #selectProtocol({ serverName, alpnProtocols: offered }: ClientHelloInfo): string | undefined {
    const { ALPNCallback } = this.#options;
    const chosen =
      ALPNCallback &&
      Reflect.apply(ALPNCallback, this.#socket, [
        { servername: serverName ?? (false as never), protocols: [...offered] },
      ]);
    if (chosen === undefined || offered.some((each) => each === chosen)) return chosen;
    const message = `ALPN callback returned a value (${chosen}) that did not match any of the client's offered protocols (${offered.join(', ')})`;
    throw carry(
      codedError('ERR_TLS_ALPN_CALLBACK_INVALID_RESULT', message, TypeError),
      'ERR_TLS_NO_APPLICATION_PROTOCOL',
    );
  }

  #psk(): ExternalPsk | undefined {
    const { pskCallback } = this.#options;
    return pskCallback && clientPsk(pskCallback as ClientPskCallback, this.#socket);
  }

  #serverPsks(): readonly ExternalPsk[] {
    const { pskCallback } = this.#options;
    const psks = this.#offeredPsks?.map((each) => serverPsk(pskCallback as ServerPskCallback, this.#socket, each));
    return psks?.filter((each) => each !== undefined) ?? [];
  }

  #wantsKeyLog(): boolean {
    return (this.#socket?.listenerCount('keylog') ?? 0) > 0;
  }

  #backend(): TlsBackend {
    return this.#options.backend ?? this.#context.backend ?? defaultBackend();
  }
}

/** What OpenSSL has against the context of a name that has no certificate. */
const noCertificate = hasOpenSsl32
  ? { number: 118, reason: 'no suitable signature algorithm' }
  : { number: 0xc_01_02, reason: 'passed a null parameter' };

/** Takes a context of ours, or makes one of options. */
export function contextOf(given: NodeSecureContext | SecureContextOptions): SecureContext {
  if (given instanceof SecureContext) return given;
  const { context } = given as { readonly context?: unknown };
  if (context !== undefined)
    throw codedError('ERR_TLS_INVALID_CONTEXT', 'context must be a SecureContext of @org/node-tls', TypeError);
  return createSecureContext(given as SecureContextOptions);
}

/** @throws Error where messages are to be printed, which no backend does */
export function refuseTrace(enableTrace: unknown): void {
  if (enableTrace === undefined || enableTrace === null || enableTrace === false) return;
  if (enableTrace !== true) throw wrongType('"options.enableTrace" property', 'of type boolean', enableTrace);
  throw refused('enableTrace', 'no backend prints its messages; listen to "keylog"');
}

/** Where a backend has no store, tickets hold the sessions, as they do in Node unless they are turned off. */
function keepsSessions({ capabilities }: TlsBackend): boolean {
  return capabilities.server.options.includes('sessionStore');
}

const callbacks = ['ALPNCallback', 'SNICallback', 'pskCallback'] as const;

function checkOptions(options: ConnectionOptions): void {
  for (const name of callbacks) {
    const given: unknown = options[name];
    if (given === undefined || given === null || given === false || typeof given === 'function') continue;
    throw wrongType(`"options.${name}" property`, 'of type function', given);
  }
  refuseTrace(options.enableTrace);
}
