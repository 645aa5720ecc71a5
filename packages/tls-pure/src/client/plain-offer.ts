import type { CipherSuite13 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { ExtensionType } from '../wire/extension.ts';
import type { ClientSettings } from './client-settings.ts';
import type { AnsweredHello, HelloOffer, TranscribedHello } from './hello-offer.ts';
import { makeClientHello, type ClientHelloChoices, type ClientHelloState } from './make-client-hello.ts';
import type { ServerHelloMessage } from './server-hello.ts';

/** A ClientHello that hides nothing, and may hold a decoy that looks as if it did (RFC 9849 §6.2). */
export class PlainOffer implements HelloOffer {
  readonly #io: HandshakeIo;
  readonly #settings: ClientSettings;
  #sent: ClientHelloState;

  constructor(io: HandshakeIo, settings: ClientSettings, choices: ClientHelloChoices) {
    const decoy = settings.config.echGrease && settings.speaksTls13 ? settings.ech?.decoy(io.crypto) : undefined;
    this.#io = io;
    this.#settings = settings;
    this.#sent = makeClientHello(io, settings, decoy === undefined ? choices : { ...choices, extra: [decoy] });
  }

  get sent(): ClientHelloState {
    return this.#sent;
  }

  get meant(): TranscribedHello {
    return { hello: this.#sent, transcript: this.#io.transcript };
  }

  takeRetryRequest(suite: CipherSuite13, { raw, extensions }: ServerHelloMessage): ClientHelloState {
    this.#io.transcript.replaceWithMessageHash(suite.hash);
    this.#io.transcript.add(raw);
    // RFC 9849 §6.2: the answer to a decoy is checked, and says nothing
    const answerToDecoy = extensions.get(ExtensionType.encryptedClientHello);
    if (answerToDecoy !== undefined) this.#settings.ech?.checkAnswerToDecoy(answerToDecoy);
    return this.#sent;
  }

  retry(changes: Partial<ClientHelloChoices>): void {
    const choices = Object.assign({}, this.#sent, changes, { order: [...this.#sent.offered] });
    this.#sent = makeClientHello(this.#io, this.#settings, choices);
  }

  answeredBy(): AnsweredHello {
    const hasDecoy = this.#sent.offered.has(ExtensionType.encryptedClientHello);
    return { settings: this.#settings, ech: hasDecoy ? 'grease' : 'none', ...this.meant };
  }

  answeredInTls12(): AnsweredHello {
    return this.answeredBy();
  }
}
