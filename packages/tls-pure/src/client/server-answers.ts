import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Extensions } from '../wire/extension.ts';
import { having, standingIn } from '../wire/known-extensions.ts';
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
  readonly #values: ReadonlyMap<number, unknown>;

  /** @param values by type, each as its `readAnswer` or `readAbsence` gave it */
  constructor(values: ReadonlyMap<number, unknown>) {
    this.#values = values;
  }

  /** What a server answered to an extension; `undefined`: nothing, and that means nothing. */
  value<Answer>(extension: AnswerReader<Answer> & AbsenceReader<Answer>): Answer;
  value<Answer>(extension: AnswerReader<Answer>): Answer | undefined;
  value<Answer>({ type }: AnswerReader<Answer>): Answer | undefined {
    return this.#values.get(type) as Answer | undefined; // each type has one reader
  }
}

const answering = {
  'TLSv1.2': having('readAnswer', standingIn('tls12', 'ServerHello')),
  'TLSv1.3': having('readAnswer', standingIn('tls13', 'EncryptedExtensions')),
} as const;

const effective = {
  'TLSv1.2': having('applyAnswer', answering['TLSv1.2']),
  'TLSv1.3': having('applyAnswer', answering['TLSv1.3']),
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
  const values = new Map<number, unknown>();
  const by = { settings, hello };
  for (const extension of answering[protocol]) {
    const body = extensions.get(extension.type);
    if (body !== undefined) values.set(extension.type, extension.readAnswer(body, by));
    else if ('readAbsence' in extension) values.set(extension.type, extension.readAbsence(by));
  }
  const answers = new ServerAnswers(values);
  const consequences = { settings, connection: io, protocol };
  for (const extension of effective[protocol]) {
    const answer = answers.value(extension);
    if (answer !== undefined) extension.applyAnswer(answer, consequences);
  }
  return answers;
}
