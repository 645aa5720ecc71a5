import {
  TlsError,
  type ConnectionInfo,
  type MaybePromise,
  type ReplayGuard,
  type TlsServerContext,
} from '@org/tls-core';
import {
  andThen,
  askHook,
  readServerName,
  type CheckedServerConfig,
  type OptionalHooks,
  type TicketKeyRing,
} from '@org/tls-core/backend';
import type { Addon, Answer, ContextHandle, EngineHandle, Facts, NativeLibrary, Question } from '../border/addon.ts';
import { AskedClientHello } from '../border/client-hello-info.ts';
import { checkStaple, chooseCredential, fitsTls12, loadedOnce, type Credential } from '../identity/credentials.ts';
import { plain } from '../border/plain-bytes.ts';
import { platforms } from '../border/platforms.ts';
import { describeCommon, peerInfo, schemeOf } from './describe.ts';
import { made } from '../border/faults.ts';
import type { PeerJudge } from '../trust/peer-judge.ts';
import type { ConnectionSide } from './connection-side.ts';
import { signature } from '../identity/signing.ts';
import { expanded } from '../session/ticket-keys.ts';

/** What all connections of a context share. */
export interface ServerRules {
  readonly addon: Addon;
  readonly library: NativeLibrary;
  /** Gives the library's context of now: sessions that were made under older lists of revoked certificates belong to another one. */
  readonly currentContext: () => ContextHandle;
  readonly config: CheckedServerConfig;
  readonly judge: PeerJudge;
  readonly credentials: readonly Credential[];
  readonly replayGuard: ReplayGuard;
  /** The context's own keys for tickets. They are `undefined` where the configuration has keys, or there are no tickets. */
  readonly ownTicketKeys: TicketKeyRing | undefined;
  /** @returns `undefined` for a context that this backend did not make */
  rulesOf(context: TlsServerContext): ServerRules | undefined;
}

export class ServerSide implements ConnectionSide {
  readonly role = 'server';
  readonly #rules: ServerRules;
  readonly #hooks: OptionalHooks;
  readonly mayMove: boolean;
  #credential: Credential | undefined;
  #identityIndex: number | undefined;
  #context: ContextHandle | undefined;

  /** @param mayMove false where the ClientHello is read again: who was chosen chooses nobody else */
  constructor(rules: ServerRules, hooks: OptionalHooks, mayMove = true) {
    this.#rules = rules;
    this.#hooks = hooks;
    const { selectContext, revocation } = rules.config;
    this.mayMove = mayMove && (selectContext !== undefined || revocation?.lists !== undefined);
    if (isInContext(rules.credentials)) this.#use(rules.credentials[0]);
  }

  get keyLog(): CheckedServerConfig['keyLog'] {
    return this.#rules.config.keyLog;
  }

  open(): EngineHandle {
    const { addon, config, ownTicketKeys } = this.#rules;
    const context = this.#rules.currentContext();
    this.#context = context;
    const { clock } = config;
    const ocsp = this.#credential?.identity.ocspResponse;
    const ocspResponse = typeof ocsp === 'function' ? undefined : ocsp;
    return made(
      addon.createEngine(context, {
        serverName: '',
        isAddress: false,
        now: clock(),
        sessionAge: 0,
        earlyData: false,
        ocspResponse,
        ticketKeys: ownTicketKeys?.current().map(expanded),
      }),
    );
  }

  get updatesKeys(): boolean {
    return platforms[this.#rules.library.name].features.includes('keyUpdate');
  }

  answer(question: Question): MaybePromise<Answer | ConnectionSide> {
    if (question.kind === 'sign') return signature(this.#credential, question);
    if (question.kind === 'verify') return this.#rules.judge.answer(question, undefined);
    if (question.kind === 'earlyData') return this.#guard(question.identifier);
    if (question.kind !== 'clientHello') return {};
    const hello = new AskedClientHello(question);
    hello.checkServerName();
    return andThen(this.#move(hello), (other) => other ?? this.#answerHello(hello));
  }

  describe(facts: Facts): ConnectionInfo {
    // RFC 8446 §4.3.2: a server does not ask for a certificate beside an external key
    const asks = this.#rules.config.clientAuthentication !== 'none' && facts.preSharedKey === undefined;
    const isProvided = facts.peerChain.length > 0;
    return Object.freeze({
      role: 'server',
      serverName: toldName(facts.serverName),
      signatureScheme: schemeOf(facts.ownSignatureScheme),
      clientSignatureScheme: isProvided ? schemeOf(facts.peerSignatureScheme) : undefined,
      clientAuthentication: isProvided ? 'provided' : asks ? 'requested' : 'none',
      identityIndex: this.#identityIndex,
      peer: peerInfo(facts.peerChain, facts.verifiedPath, undefined),
      ...describeCommon(facts, this.#rules.library),
    } satisfies ConnectionInfo);
  }

  judgeResumed({ peer }: ConnectionInfo): MaybePromise<void> {
    return peer === undefined ? undefined : this.#rules.judge.again(peer, undefined);
  }

  #use(credential: Credential | undefined): void {
    this.#credential = credential;
    const index = credential === undefined ? -1 : this.#rules.credentials.indexOf(credential);
    this.#identityIndex = index === -1 ? undefined : index;
  }

  #move(hello: AskedClientHello): MaybePromise<ConnectionSide | undefined> {
    const { selectContext } = this.#rules.config;
    if (!this.mayMove) return undefined;
    if (selectContext === undefined) return this.#renewed();
    const info = hello.describe();
    return andThen(
      askHook('selectContext', () => selectContext(info)),
      (context) => {
        if (context === undefined) return this.#renewed();
        const rules = this.#rules.rulesOf(context);
        if (rules === undefined)
          throw new TlsError('ERR_TLS_HOOK', 'the hook `selectContext`: expected a context of the native backend');
        return rules === this.#rules ? this.#renewed() : new ServerSide(rules, this.#hooks, false);
      },
    );
  }

  /** A client may have waited with its ClientHello for long, and lists may have changed. */
  #renewed(): ConnectionSide | undefined {
    return this.#context === this.#rules.currentContext() ? undefined : new ServerSide(this.#rules, this.#hooks, false);
  }

  #answerHello(hello: AskedClientHello): MaybePromise<Answer> {
    return andThen(this.#chooseIdentity(hello), () =>
      andThen(this.#ticketKeys(), (ticketKeys) =>
        andThen(this.#stapled(hello), (ocspResponse) => ({
          ...(this.#credential !== undefined && { credential: this.#credential.handle }),
          ...(ticketKeys !== undefined && { ticketKeys }),
          ...(ocspResponse !== undefined && { ocspResponse }),
        })),
      ),
    );
  }

  #chooseIdentity(hello: AskedClientHello): MaybePromise<void> {
    const { addon, library, config, credentials } = this.#rules;
    const { selectIdentity } = config;
    if (selectIdentity === undefined) return this.#chooseCredential(credentials, hello);
    const info = hello.describe();
    return andThen(
      askHook('selectIdentity', () => selectIdentity(info)),
      (chosen) => {
        if (chosen === undefined)
          throw new TlsError('ERR_TLS_UNRECOGNIZED_NAME', `there is no identity for ${info.serverName ?? 'no name'}`);
        this.#chooseCredential(
          chosen.map((identity) => {
            checkStaple(library, identity);
            return loadedOnce(addon, identity);
          }),
          hello,
        );
      },
    );
  }

  #chooseCredential(credentials: readonly Credential[], hello: AskedClientHello): void {
    const { config } = this.#rules;
    const isTls13 = hello.supportedVersions.includes(tls13) && config.maxVersion !== 'TLSv1.2';
    const fitting = isTls13 ? credentials : credentials.filter((each) => fitsTls12(each, hello));
    // with one that does not fit, the library says itself what is wrong
    const fallback = credentials.find(({ identity }) => identity.mustMatchIssuer !== true);
    this.#use(chooseCredential(fitting, hello, isTls13) ?? fallback);
    if (this.#credential !== undefined || config.externalPsks.length > 0) return;
    throw new TlsError('ERR_TLS_NO_COMMON_PARAMETERS', 'the client names no issuer of an identity that must match one');
  }

  #guard([identifier = new Uint8Array()]: readonly Uint8Array[]): MaybePromise<Answer> {
    const { replayGuard, config } = this.#rules;
    const { clock } = config;
    const expiresAt = clock() + 2 * freshnessWindow;
    return andThen(
      this.#hooks.ask('replayGuard.firstUse', () =>
        replayGuard.firstUse(plain([identifier])[0] ?? identifier, expiresAt),
      ),
      (isFirst) => ({ declines: isFirst !== true }),
    );
  }

  /** A peer that is to be judged again must be judged before its data is handed on. */
  get takesEarlyData(): boolean {
    return !this.#rules.config.verifyResumedPeer;
  }

  #ticketKeys(): MaybePromise<readonly Uint8Array[] | undefined> {
    const { ticketKeys } = this.#rules.config;
    if (ticketKeys === undefined) return undefined;
    return andThen(
      this.#hooks.ask('ticketKeys.current', () => ticketKeys.current()),
      (keys = []) => keys.map(expanded),
    );
  }

  #stapled(hello: AskedClientHello): MaybePromise<Uint8Array | undefined> {
    const ocspResponse = this.#credential?.identity.ocspResponse;
    if (typeof ocspResponse !== 'function') return ocspResponse;
    if (!hello.asksForStaple) return undefined;
    return this.#hooks.ask('identity.ocspResponse', () => ocspResponse());
  }
}

const tls13 = 0x0304;

/** Leaves out a name that is no host name: a platform may have let it pass, but no hook was told of it either. */
function toldName(name: string | undefined): string | undefined {
  try {
    return name === undefined ? undefined : readServerName(name);
  } catch {
    return undefined;
  }
}

/** The library takes early data of a ticket whose age differs by at most so many milliseconds from what the client says (RFC 8446 §8.3). */
const freshnessWindow = 10_000;

/** Tells whether the library has the identity from the beginning: one that is used whatever the client says needs no question. */
export function isInContext([only, ...more]: readonly Credential[]): boolean {
  return only !== undefined && more.length === 0 && only.identity.mustMatchIssuer !== true;
}
