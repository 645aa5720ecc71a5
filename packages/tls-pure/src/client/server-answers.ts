import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Extensions } from '../wire/extension.ts';
import { having, standingIn12, standingIn13 } from '../wire/known-extensions.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';

/** How the answer to an extension is read. */
interface AnswerReader<Answer> {
  readonly type: number;
  readonly readAnswer: (body: Uint8Array, by: never) => Answer;
}

/** What it means that an extension is not answered. */
interface AbsenceReader<Answer> {
  readonly readAbsence: (by: never) => Answer;
}

/** What a server answered to the extensions of a ClientHello, each answer checked against what was offered. */
export class ServerAnswers {
  readonly #values = new Map<number, unknown>();

  /** What a server answered to an extension; `undefined`: nothing, and that means nothing. */
  value<Answer>(extension: AnswerReader<Answer> & AbsenceReader<Answer>): Answer;
  value<Answer>(extension: AnswerReader<Answer>): Answer | undefined;
  value<Answer>({ type }: AnswerReader<Answer>): Answer | undefined {
    return this.#values.get(type) as Answer | undefined; // each type has one reader
  }

  /** Only for those who read a whole message. */
  set(type: number, value: unknown): void {
    this.#values.set(type, value);
  }
}

const answering = {
  'TLSv1.2': having([...standingIn12('ServerHello')], 'readAnswer'),
  'TLSv1.3': having([...standingIn13('EncryptedExtensions')], 'readAnswer'),
} as const;

const effective = {
  'TLSv1.2': having(answering['TLSv1.2'], 'applyAnswer'),
  'TLSv1.3': having(answering['TLSv1.3'], 'applyAnswer'),
} as const;

/**
 * Reads the message that answers a ClientHello's extensions: EncryptedExtensions, or a ServerHello of TLS 1.2. What the answers change at
 * once for the connection is done.
 * @throws TlsError `ERR_TLS_DECODE`, `ERR_TLS_ILLEGAL_PARAMETER` on an answer that is malformed or does not fit the offer
 */
export function readAnswers(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  extensions: Extensions,
  protocol: 'TLSv1.2' | 'TLSv1.3',
): ServerAnswers {
  const answers = new ServerAnswers();
  const by = { settings, hello };
  for (const extension of answering[protocol]) {
    const body = extensions.get(extension.type);
    if (body !== undefined) answers.set(extension.type, extension.readAnswer(body, by));
    else if ('readAbsence' in extension) answers.set(extension.type, extension.readAbsence(by));
  }
  const consequences = { settings, connection: io, protocol };
  for (const extension of effective[protocol]) {
    const answer = answers.value(extension);
    if (answer !== undefined) extension.applyAnswer(answer, consequences);
  }
  return answers;
}
