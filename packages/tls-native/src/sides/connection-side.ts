import type { ConnectionInfo, MaybePromise, TlsSession } from '@org/tls-core';
import type { Answer, EngineHandle, Facts, NativeSession, Question } from '../border/addon.ts';

/** One side of one connection: what the configuration has to say to it. */
export interface ConnectionSide {
  readonly role: 'client' | 'server';
  /** Before anything is sent. */
  prepare?(): MaybePromise<void>;
  open(): EngineHandle;
  /** @returns another side, when the connection is to begin anew as that one says */
  answer(question: Question): MaybePromise<Answer | ConnectionSide>;
  describe(facts: Facts): ConnectionInfo;
  /** A further judgement about the peer of a resumed session. */
  judgeResumed?(info: ConnectionInfo): MaybePromise<void>;
  /** Once the handshake is done. */
  session?(session: NativeSession, info: ConnectionInfo): TlsSession | undefined;
  /** A client's: bytes that may be sent early. */
  readonly maxEarlyData: number;
  readonly dropsRejectedEarlyData: boolean;
  /** A server's: early data may be handed on before the handshake is done. */
  readonly takesEarlyData: boolean;
  /** A server's: the ClientHello may be answered by another side. */
  readonly mayMove: boolean;
  /** Puts it where the next connection finds it; nothing waits for that. */
  keep?(session: TlsSession): void;
}

export function isSide(answer: Answer | ConnectionSide): answer is ConnectionSide {
  return Object.hasOwn(answer, 'role');
}
