import type {
  CertificateRequestInfo,
  ClientEngineOptions,
  ConnectionInfo,
  MaybePromise,
  SessionStore,
  TlsSession,
} from '@org/tls-core';
import {
  andThen,
  askHook,
  checkDescribedEntries,
  cipherSuiteNumbers,
  describedNumbers,
  decodeAlpnProtocol,
  encodeAlpnProtocol,
  maxSessionsPerConnection,
  type CheckedClientConfig,
  type ExternalPskDigests,
  type OptionalHooks,
  type EarlyDataTerms,
} from '@org/tls-core/backend';
import type {
  Addon,
  Answer,
  ContextHandle,
  EngineHandle,
  Facts,
  NativeLibrary,
  NativeSession,
  Question,
} from '../border/addon.ts';
import { alpnList } from '../border/alpn-list.ts';
import { numbers } from '../border/client-hello-info.ts';
import { chooseCredential, loadedOnce, type Credential } from '../identity/credentials.ts';
import { plain } from '../border/plain-bytes.ts';
import { platforms } from '../border/platforms.ts';
import { describeCommon, peerInfo, schemeOf } from './describe.ts';
import { made } from '../border/faults.ts';
import type { PeerJudge } from '../trust/peer-judge.ts';
import { namesOf } from '../border/registry.ts';
import { openSession, sealSession, type OpenedSession, type SessionFacts } from '../session/session-envelope.ts';
import type { ConnectionSide } from './connection-side.ts';
import { signature } from '../identity/signing.ts';

/** What all connections of a context share. */
export interface ClientRules {
  readonly addon: Addon;
  readonly library: NativeLibrary;
  readonly context: ContextHandle;
  readonly config: CheckedClientConfig;
  /** Gives the digest of the rules that sessions are made under now. */
  readonly currentRules: () => Uint8Array;
  readonly pskDigests: ExternalPskDigests;
  readonly judge: PeerJudge;
  readonly credentials: readonly Credential[];
}

interface Target {
  readonly serverName: string;
  readonly isAddress: boolean;
  readonly alpnProtocols: ClientEngineOptions['alpnProtocols'];
  readonly earlyData: ClientEngineOptions['earlyData'];
  readonly sessionStore: ClientEngineOptions['sessionStore'];
}

export class ClientSide implements ConnectionSide {
  readonly role = 'client';
  readonly takesEarlyData = false;
  readonly mayMove = false;
  readonly #rules: ClientRules;
  readonly #hooks: OptionalHooks;
  readonly #target: Target;
  readonly #given: TlsSession | undefined;
  /** The time at which the ClientHello is made, in milliseconds since the epoch. */
  #now = 0;
  /** The digest of the rules of that time. The peer is judged later, by these lists of revoked certificates or by newer ones. */
  #rulesDigest: Uint8Array = new Uint8Array(0);
  #offered: OpenedSession | undefined;
  #offeredAs: TlsSession | undefined;
  #isResumed12 = false;
  #sessionsLeft = maxSessionsPerConnection;
  /** The identity that was chosen. It has no index where a hook gave it. */
  #chosen: { readonly credential: Credential; readonly index: number | undefined } | undefined;

  constructor(rules: ClientRules, hooks: OptionalHooks, target: Target, session: TlsSession | undefined) {
    this.#rules = rules;
    this.#hooks = hooks;
    this.#target = target;
    this.#given = session;
  }

  prepare(): MaybePromise<void> {
    const { clock } = this.#rules.config;
    const sessionStore = this.#store;
    this.#now = clock();
    this.#rulesDigest = this.#rules.currentRules();
    this.#offer(this.#given);
    if (sessionStore === undefined || this.#offered !== undefined) return undefined;
    return andThen(
      this.#hooks.ask('sessionStore.take', () => sessionStore.take(this.#target.serverName)),
      (session) => this.#offer(session),
    );
  }

  open(): EngineHandle {
    const { addon, context } = this.#rules;
    const { serverName, isAddress, alpnProtocols } = this.#target;
    const alpn = alpnProtocols && alpnList(alpnProtocols);
    const session = this.#offered?.session;
    const earlyData = this.earlyDataTerms !== undefined;
    const now = this.#now;
    const sessionAge = Math.max(0, now - (this.#offered?.receivedAt ?? now));
    return made(addon.createEngine(context, { serverName, isAddress, alpn, session, sessionAge, earlyData, now }));
  }

  get keyLog(): CheckedClientConfig['keyLog'] {
    return this.#rules.config.keyLog;
  }

  get #store(): SessionStore | undefined {
    return this.#target.sessionStore ?? this.#rules.config.sessionStore;
  }

  get peerName(): string {
    return this.#target.serverName;
  }

  /** What may be sent early. It is nothing where nobody wants to, or the session does not allow it. */
  get earlyDataTerms(): EarlyDataTerms | undefined {
    const { earlyData = false } = this.#target;
    const offered = this.#offered;
    if (earlyData === false || offered === undefined || offered.maxEarlyData === 0) return undefined;
    const { config, library } = this.#rules;
    const suites = config.cipherSuites ?? namesOf(cipherSuiteNumbers, library.cipherSuites);
    // RFC 8446 §4.2.10: it is sent under the session's suite and protocol, which the server may then choose
    const isOffered = offered.alpn === undefined || this.#offers(offered.alpn);
    if (!isOffered || !suites.includes(offered.cipherSuite)) return undefined;
    return { maxLength: offered.maxEarlyData, alpnProtocol: offered.alpn, isSentAgain: earlyData !== 'once' };
  }

  get updatesKeys(): boolean {
    return platforms[this.#rules.library.name].features.includes('keyUpdate');
  }

  answer(question: Question): MaybePromise<Answer> {
    if (question.kind === 'sign') return signature(this.#chosen?.credential, question);
    if (question.kind === 'verify') return this.#rules.judge.answer(question, this.#target.serverName);
    return this.#prove(question);
  }

  describe(facts: Facts): ConnectionInfo {
    const resumed = facts.isResumed ? this.#offered : undefined;
    const isProvided = this.#chosen !== undefined;
    const authentication = facts.wasAsked ? (isProvided ? 'provided' : 'requested') : 'none';
    const { externalPskIdentity, ...common } = describeCommon(facts, this.#rules.library);
    this.#isResumed12 = facts.isResumed && common.protocol === 'TLSv1.2';
    return Object.freeze({
      role: 'client',
      serverName: this.#target.serverName,
      signatureScheme: resumed === undefined ? schemeOf(facts.peerSignatureScheme) : resumed.signatureScheme,
      clientSignatureScheme:
        resumed === undefined
          ? isProvided
            ? schemeOf(facts.ownSignatureScheme)
            : undefined
          : resumed.clientSignatureScheme,
      clientAuthentication: resumed?.clientAuthentication ?? authentication,
      identityIndex: this.#chosen?.index,
      externalPskIdentity: resumed === undefined ? externalPskIdentity : this.#identityBehind(resumed),
      peer:
        resumed === undefined
          ? peerInfo(facts.peerChain, facts.verifiedPath, facts.ocspResponse)
          : peerInfo(resumed.chain, resumed.path, resumed.ocspResponse),
      ...common,
    } satisfies ConnectionInfo);
  }

  judgeResumed({ peer }: ConnectionInfo): MaybePromise<void> {
    return this.#rules.judge.again(peer, this.#target.serverName);
  }

  session(native: NativeSession, info: ConnectionInfo): TlsSession | undefined {
    const { config, pskDigests } = this.#rules;
    const { clock } = config;
    const { protocol, signatureScheme, clientSignatureScheme, clientAuthentication, peer, resumed } = info;
    // what was proven to the server does not hold for another connection with the same secret (RFC 7627 §5.3)
    if (clientAuthentication === 'provided' && info.extendedMainSecret !== true) return undefined;
    if (this.#sessionsLeft === 0) return undefined;
    this.#sessionsLeft -= 1;
    const now = clock();
    const before = resumed ? this.#offered : undefined;
    const external = info.externalPskIdentity === undefined ? undefined : config.externalPsks[0];
    const facts: SessionFacts = {
      rules: this.#rulesDigest,
      externalPsk: pskDigests.digestOf(external),
      authenticatedAt: before?.authenticatedAt ?? now,
      certificatesEnd: before?.certificatesEnd ?? native.certificatesEnd,
      chain: peer?.chain ?? [],
      path: peer?.verifiedPath ?? [],
      signatureScheme,
      clientSignatureScheme,
      clientAuthentication,
      cipherSuite: info.cipherSuite,
      alpn: info.alpnProtocol,
      maxEarlyData: native.maxEarlyData,
      ocspResponse: peer?.ocspResponse,
    };
    return sealSession(native, facts, { protocol, serverName: this.#target.serverName, now });
  }

  get sessionAgain(): TlsSession | undefined {
    return this.#isResumed12 ? this.#offeredAs : undefined;
  }

  keep(session: TlsSession): void {
    const sessionStore = this.#store;
    if (sessionStore === undefined) return;
    this.#hooks.run('sessionStore.put', () => sessionStore.put(this.#target.serverName, session));
  }

  #offers(alpn: string): boolean {
    const offered = this.#target.alpnProtocols ?? this.#rules.config.alpnProtocols;
    return offered.some((protocol) => decodeAlpnProtocol(encodeAlpnProtocol(protocol)) === alpn);
  }

  #offer(session: TlsSession | undefined): void {
    this.#offered = session && this.#opened(session);
    this.#offeredAs = this.#offered && session;
  }

  #opened(session: TlsSession): OpenedSession | undefined {
    const { serverName } = this.#target;
    const { currentRules, pskDigests } = this.#rules;
    const hasPsk = (digest: Uint8Array): boolean => pskDigests.find(digest) !== undefined;
    return openSession(session, { serverName, now: this.#now, rules: currentRules(), hasPsk });
  }

  #identityBehind({ externalPsk }: OpenedSession): Uint8Array | undefined {
    return externalPsk && this.#rules.pskDigests.find(externalPsk)?.identity;
  }

  #prove(question: Question): MaybePromise<Answer> {
    if (question.kind !== 'certificate') return {};
    const { addon, config, credentials } = this.#rules;
    checkDescribedEntries('certificate_authorities', question.authorities.length);
    const wanted = {
      signatureSchemes: numbers(question.signatureSchemes[0] ?? new Uint8Array()),
      certificateAuthorities: plain(question.authorities),
    };
    const isTls13 = numbers(question.version[0] ?? new Uint8Array())[0] === tls13;
    const { selectIdentity } = config;
    if (selectIdentity === undefined) return this.#use(chooseCredential(credentials, wanted, isTls13));
    const info: CertificateRequestInfo = {
      ...wanted,
      signatureSchemes: describedNumbers('signature_algorithms', wanted.signatureSchemes),
    };
    return andThen(
      askHook('selectIdentity', () => selectIdentity(info)),
      (chosen = []) =>
        this.#use(
          chooseCredential(
            chosen.map((identity) => loadedOnce(addon, identity)),
            wanted,
            isTls13,
          ),
        ),
    );
  }

  #use(credential: Credential | undefined): Answer {
    if (credential === undefined) return {};
    const index = this.#rules.credentials.indexOf(credential);
    this.#chosen = { credential, index: index === -1 ? undefined : index };
    return { credential: credential.handle };
  }
}

const tls13 = 0x0304;
