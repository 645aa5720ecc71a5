import type { ConnectionInfo, KeyLog, MaybePromise, TlsSession } from '@org/tls-core';
import type { EarlyDataTerms } from '@org/tls-core/backend';
import type { Answer, EngineHandle, Facts, NativeSession, Question } from '../border/addon.ts';

/** Says to one connection what the configuration of its side wants. */
export interface ConnectionSide {
  readonly role: 'client' | 'server';
  /** A client's: the name or address that its peer's certificate has to prove. */
  readonly peerName?: string;
  readonly keyLog: boolean | KeyLog;
  /** Is called before anything is sent. */
  prepare?(): MaybePromise<void>;
  open(): EngineHandle;
  /** @returns another side where the connection has to begin anew under that one's configuration */
  answer(question: Question): MaybePromise<Answer | ConnectionSide>;
  describe(facts: Facts): ConnectionInfo;
  /** Judges the peer of a resumed session once more. */
  judgeResumed?(info: ConnectionInfo): MaybePromise<void>;
  /** Makes of the library's session what the owner is given. It is called when the handshake is done. */
  session?(session: NativeSession, info: ConnectionInfo): TlsSession | undefined;
  /** Whether the platform updates the keys of TLS 1.3 when it is asked to. */
  readonly updatesKeys: boolean;
  /** A client's: what may be sent early; `undefined`: nothing. */
  readonly earlyDataTerms?: EarlyDataTerms | undefined;
  /** A server's: whether early data may be handed on before the handshake is done. */
  readonly takesEarlyData: boolean;
  /** A server's: whether another side may answer the ClientHello. */
  readonly mayMove: boolean;
  /** Gives the session that was resumed, where it may be resumed once more and the library makes none in its place. */
  readonly sessionAgain?: TlsSession | undefined;
  /** Puts a session where the next connection finds it. Nothing waits for that. */
  keep?(session: TlsSession): void;
}

export function isSide(answer: Answer | ConnectionSide): answer is ConnectionSide {
  return Object.hasOwn(answer, 'role');
}
