import type { TlsServerContext } from './engine.ts';
import type { TicketKey } from './hooks.ts';
import type { Identity } from './identity.ts';
import { identityOfHook } from './identity-rules.ts';
import { isPromiseLike, type MaybePromise } from './maybe-promise.ts';
import { kindOf } from './option-error.ts';
import { propertyOf } from './own-options.ts';
import type { VerifiedChain } from './chain-judge.ts';
import { readRevocationLists, type RevocationLists } from './revocation.ts';
import { readSession, type TlsSession } from './session.ts';
import { isTlsError, TlsError } from './tls-error.ts';

/** What each hook owes, once its Promise has settled. A new hook gets a row here and one in `answerRules`. */
export interface HookAnswers {
  readonly clock: number;
  readonly random: void;
  readonly isPublicSuffix: boolean;
  readonly 'revocation.lists': RevocationLists;
  readonly verifyPeer: undefined;
  readonly verifier: VerifiedChain;
  readonly selectIdentity: readonly Identity[] | undefined;
  readonly selectContext: TlsServerContext | undefined;
  readonly 'signer.sign': Uint8Array;
  readonly 'identity.ocspResponse': Uint8Array | undefined;
  readonly 'certificateCompressor.compress': Uint8Array;
  readonly 'certificateCompressor.decompress': Uint8Array;
  readonly 'sessionStore.put': void;
  readonly 'sessionStore.take': TlsSession | undefined;
  readonly 'serverSessionStore.put': void;
  readonly 'serverSessionStore.take': Uint8Array | undefined;
  readonly 'ticketKeys.current': readonly TicketKey[];
  readonly 'replayGuard.firstUse': boolean;
}

export type HookName = keyof HookAnswers;

/** Reads what a hook gave; what it returns is the connection's own, so that nobody else changes it. */
type ReadAnswer<Answer> = (given: unknown) => Answer | typeof wrong;
const wrong: unique symbol = Symbol('wrong');

interface AnswerRule<Answer> {
  /** The right answer in a few words, for the error. */
  readonly expected: string;
  /** `now`: a Promise is no answer. */
  readonly when: 'now' | 'later';
  /**
   * What the hook's failure becomes; default `ERR_TLS_HOOK`. `own`: the hook judges the peer or what it asks for, so that a `TlsError` that
   * it throws is the connection's, and chooses the alert.
   */
  readonly failure?: 'own' | 'ERR_TLS_CERTIFICATE_BAD';
  readonly read: ReadAnswer<Answer>;
}

/**
 * Calls a hook, and judges what it gave at once or later.
 * @throws TlsError (or rejects with) what `hookError` makes of a failure, `ERR_TLS_HOOK` on any other answer than the hook owes
 */
export function askHook<Name extends HookName>(name: Name, act: () => unknown): MaybePromise<HookAnswers[Name]> {
  let given: unknown;
  let later: Promise<unknown> | undefined;
  try {
    given = act();
    later = answerRules[name].when === 'later' ? promised(given) : undefined;
  } catch (cause) {
    throw hookError(name, cause);
  }
  if (later === undefined) return answerOf(name, given);
  return later.then(
    (answer) => answerOf(name, answer),
    (cause: unknown) => {
      throw hookError(name, cause);
    },
  );
}

/** The hooks that answer at once. */
export type SynchronousHookName = 'clock' | 'random' | 'isPublicSuffix' | 'revocation.lists';

/** As `askHook`, for a hook that answers at once. */
export function askHookNow<Name extends SynchronousHookName>(name: Name, act: () => unknown): HookAnswers[Name] {
  // the rules of these hooks say `now`, so that no Promise is returned
  return askHook(name, act) as HookAnswers[Name];
}

/**
 * Judges what a hook gave, its Promise already settled.
 * @returns a copy where it is bytes or a list
 * @throws TlsError `ERR_TLS_HOOK`; an Error that was given is its cause
 */
export function answerOf<Name extends HookName>(name: Name, given: unknown): HookAnswers[Name] {
  const rule: AnswerRule<HookAnswers[Name]> = answerRules[name];
  if (isError(given)) throw hookError(name, given);
  let answer: HookAnswers[Name] | typeof wrong;
  try {
    refusePromise(given);
    answer = rule.read(given);
  } catch (cause) {
    throw wrongAnswer(name, given, cause);
  }
  if (answer === wrong) throw wrongAnswer(name, given);
  return answer;
}

/** @param cause what is wrong with it, where more is known than that it is */
function wrongAnswer(name: HookName, given: unknown, cause?: unknown): TlsError {
  const { expected } = answerRules[name];
  return new TlsError('ERR_TLS_HOOK', `the hook \`${name}\`: expected ${expected}, got ${kindOf(given)}`, { cause });
}

/** What the failure of a hook becomes: an error around its cause, unless the hook is one that may choose the connection's error. */
export function hookError(name: HookName, cause: unknown): TlsError {
  const { failure = 'ERR_TLS_HOOK' } = answerRules[name];
  if (isTlsError(cause) && (cause.code === 'ERR_TLS_HOOK' || failure === 'own')) return cause;
  return new TlsError(failure === 'own' ? 'ERR_TLS_HOOK' : failure, `the hook \`${name}\` failed`, { cause });
}

/**
 * Asks the hook `verifyPeer`. It accepts by returning nothing, at once or later, and by nothing else: a hook that says no by `false` or by
 * returning an Error must not be taken for one that says yes.
 * @param chain the peer's, for the error
 * @throws TlsError (or rejects with) the hook's own of the certificate family, `ERR_TLS_CERTIFICATE_REJECTED` around what else it threw,
 *   rejected with or returned as an Error, `ERR_TLS_HOOK` on any other answer
 */
export function askVerifyPeerHook(act: () => unknown, chain: readonly Uint8Array[]): MaybePromise<void> {
  let given: unknown;
  let later: Promise<unknown> | undefined;
  try {
    given = act();
    later = promised(given);
  } catch (cause) {
    throw rejection(cause, chain);
  }
  if (later === undefined) return judgeVerdict(given, chain);
  return later.then(
    (answer) => judgeVerdict(answer, chain),
    (cause: unknown) => {
      throw rejection(cause, chain);
    },
  );
}

function judgeVerdict(given: unknown, chain: readonly Uint8Array[]): void {
  if (isError(given)) throw rejection(given, chain);
  answerOf('verifyPeer', given);
}

function rejection(cause: unknown, chain: readonly Uint8Array[]): TlsError {
  if (isTlsError(cause) && cause.family === 'certificate') return cause;
  return new TlsError('ERR_TLS_CERTIFICATE_REJECTED', 'the hook `verifyPeer` rejected the peer', {
    cause,
    certificate: { chain, rejectedPaths: [] },
  });
}

/** A thenable as the platform's own Promise: another's may call back within `then`, or twice, or throw. */
function promised(given: unknown): Promise<unknown> | undefined {
  return isPromiseLike(given) ? Promise.resolve(given) : undefined;
}

/** Nobody will wait for the Promise, so that its rejection must not be one that nobody handles. */
function refusePromise(given: unknown): void {
  const surplus = promised(given);
  if (surplus === undefined) return;
  surplus.then(undefined, () => undefined);
  throw new TypeError('it gave a Promise where it has to answer at once');
}

/** An Error of any realm or copy of the library. */
function isError(given: unknown): boolean {
  return given instanceof Error || isTlsError(given) || Object.prototype.toString.call(given) === '[object Error]';
}

const nothing: ReadAnswer<undefined> = (given) => (given === undefined ? undefined : wrong);

/** Such a hook is called for what it does: many that do right return something, as `Map.set` does. */
const anything: ReadAnswer<void> = () => undefined;

const boolean: ReadAnswer<boolean> = (given) => (typeof given === 'boolean' ? given : wrong);

function numberUpTo(maximum: number): ReadAnswer<number> {
  // NaN fails both comparisons
  return (given) => (typeof given === 'number' && given >= 0 && given <= maximum ? given : wrong);
}

function bytes(minimum: number, maximum: number): ReadAnswer<Uint8Array> {
  return (given) =>
    given instanceof Uint8Array && given.length >= minimum && given.length <= maximum ? new Uint8Array(given) : wrong;
}

function optional<Answer>(read: ReadAnswer<Answer>): ReadAnswer<Answer | undefined> {
  return (given) => (given === undefined ? undefined : read(given));
}

/** A server's name has one for each kind of key, a client has some for each of its issuers. */
const maxIdentities = 64;

const identities: ReadAnswer<readonly Identity[]> = (given) => {
  if (!Array.isArray(given)) return [identityOfHook(given)];
  if (given.length === 0 || given.length > maxIdentities) return wrong;
  return Array.from(given as readonly unknown[], (each) => identityOfHook(each));
};

/** Whether a backend made it, only that backend knows. */
const context: ReadAnswer<TlsServerContext> = (given) =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as TlsServerContext) : wrong;

function listOf<Item>(minimum: number, maximum: number, isItem: (item: unknown) => item is Item) {
  return (given: unknown): readonly Item[] | typeof wrong => {
    if (!Array.isArray(given) || given.length < minimum || given.length > maximum) return wrong;
    const items: readonly unknown[] = [...(given as readonly unknown[])];
    return items.every(isItem) ? items : wrong;
  };
}

const certificates = listOf(1, 100, (der): der is Uint8Array => der instanceof Uint8Array && der.length > 0);

const verifiedChain: ReadAnswer<VerifiedChain> = (given) => {
  const path = certificates(propertyOf(given, 'path'));
  return path === wrong ? wrong : { path };
};

/** The key itself is handed on: which object it is says whether it is another one. */
function isTicketKey(key: unknown): key is TicketKey {
  const [name, secret] = [propertyOf(key, 'name'), propertyOf(key, 'secret')];
  return name instanceof Uint8Array && name.length === 16 && secret instanceof Uint8Array && secret.length === 32;
}

const revocationLists: ReadAnswer<RevocationLists> = (given) => readRevocationLists(given) ?? wrong;

const session: ReadAnswer<TlsSession> = (given) => readSession(given) ?? wrong;

/** Milliseconds of the last time that a `Date` can hold. */
const lastTime = 8.64e15;

/** An opaque<1..2^24-1>, as a handshake message holds it. */
const longestOpaque = 2 ** 24 - 1;

/** More than a key for each hour of the seven days that a session can last (RFC 8446 §4.6.1). */
const maxTicketKeys = 256;

/** One row for each hook: a missing or a surplus one does not compile. */
const answerRules: { readonly [Name in HookName]: AnswerRule<HookAnswers[Name]> } = {
  clock: { expected: `a number from 0 to ${lastTime}`, when: 'now', read: numberUpTo(lastTime) },
  random: { expected: 'nothing', when: 'now', read: anything },
  isPublicSuffix: { expected: 'a boolean', when: 'now', read: boolean },
  'revocation.lists': { expected: 'lists and their digest', when: 'now', read: revocationLists },
  verifyPeer: { expected: 'nothing; it rejects by throwing', when: 'later', failure: 'own', read: nothing },
  verifier: { expected: 'a path of certificates', when: 'later', failure: 'own', read: verifiedChain },
  selectIdentity: {
    expected: `an identity, a list of 1 to ${maxIdentities}, or undefined`,
    when: 'later',
    failure: 'own',
    read: optional(identities),
  },
  selectContext: {
    expected: 'a context or undefined',
    when: 'later',
    failure: 'own',
    read: optional(context),
  },
  // RFC 8446 §4.4.3: opaque signature<0..2^16-1>
  'signer.sign': { expected: '1 to 65535 bytes', when: 'later', read: bytes(1, 0xffff) },
  'identity.ocspResponse': {
    expected: 'bytes or undefined',
    when: 'later',
    read: optional(bytes(1, longestOpaque)),
  },
  'certificateCompressor.compress': { expected: 'bytes', when: 'later', read: bytes(1, longestOpaque) },
  'certificateCompressor.decompress': {
    expected: 'bytes',
    when: 'later',
    // RFC 8879 §4: it is the peer who sent what cannot be decompressed
    failure: 'ERR_TLS_CERTIFICATE_BAD',
    read: bytes(0, longestOpaque),
  },
  'sessionStore.put': { expected: 'nothing', when: 'later', read: anything },
  'sessionStore.take': { expected: 'a session or undefined', when: 'later', read: optional(session) },
  'serverSessionStore.put': { expected: 'nothing', when: 'later', read: anything },
  'serverSessionStore.take': { expected: 'bytes or undefined', when: 'later', read: optional(bytes(1, 2 ** 24)) },
  'ticketKeys.current': {
    expected: `at most ${maxTicketKeys} keys, each with a name of 16 and a secret of 32 bytes`,
    when: 'later',
    read: listOf(0, maxTicketKeys, isTicketKey),
  },
  'replayGuard.firstUse': { expected: 'a boolean', when: 'later', read: boolean },
};

/** All hooks. */
export const hookNames = Object.keys(answerRules) as readonly HookName[];
