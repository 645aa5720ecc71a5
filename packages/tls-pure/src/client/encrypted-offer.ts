import type { MaybePromise } from '@org/tls-core';
import type { CipherSuite13 } from '@org/tls-crypto';
import { isAcceptanceConfirmed, messageHash } from '../ech/accept-confirmation.ts';
import { orderForCompression } from '../ech/client-hello-inner.ts';
import { EchOffer, outerEchPlaceholder } from '../ech/client-offer.ts';
import type { EchSelection } from '../ech/ech-config.ts';
import { innerEchExtension } from '../ech/extension.ts';
import { greasePreSharedKey } from '../ech/grease.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { Transcript } from '../schedule/transcript.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import type { ClientSettings } from './client-settings.ts';
import type { AnsweredHello, HelloOffer, TranscribedHello } from './hello-offer.ts';
import {
  encodePlanned,
  planClientHello,
  type ClientHelloChoices,
  type ClientHelloState,
  type PlannedClientHello,
} from './make-client-hello.ts';
import type { ServerHelloMessage } from './server-hello.ts';

/** A ClientHello that hides another (RFC 9849 §6.1): everybody sees the outer one, and the inner one is meant. */
export class EncryptedOffer implements HelloOffer {
  readonly #io: HandshakeIo;
  readonly #settings: ClientSettings;
  readonly #seal: EchOffer;
  #inner: ClientHelloState;
  #outer: ClientHelloState;
  /** It begins with the ClientHelloInner; the ClientHelloOuter's is the handshake's own until the server has accepted. */
  readonly #innerTranscript: Transcript;
  /** The messages that the confirmation in a ServerHello covers. */
  #messagesBefore: readonly Uint8Array[];
  /** Whether a HelloRetryRequest has confirmed the offer; `undefined`: there was none. */
  #retryConfirmed: boolean | undefined;

  private constructor(
    io: HandshakeIo,
    settings: ClientSettings,
    seal: EchOffer,
    { hello: inner, transcript }: TranscribedHello,
    outer: ClientHelloState,
  ) {
    this.#io = io;
    this.#settings = settings;
    this.#seal = seal;
    this.#innerTranscript = transcript;
    this.#inner = inner;
    this.#outer = outer;
    this.#messagesBefore = [inner.message];
  }

  /** @param choices of the ClientHelloInner; the ClientHelloOuter has a random of its own */
  static *start(
    io: HandshakeIo,
    settings: ClientSettings,
    selection: EchSelection,
    choices: ClientHelloChoices,
  ): Handshake<EncryptedOffer> {
    const seal = yield* settle(EchOffer.start(io.crypto, selection));
    const transcript = new Transcript(io.crypto);
    const hellos = planBoth(settings, seal, choices, randomBytes(settings, 32));
    const inner = encodePlanned(io, transcript, hellos.inner);
    transcript.add(inner.message);
    const outer = yield* settle(sealed(seal, inner, hellos.outer));
    return new EncryptedOffer(io, settings, seal, { hello: inner, transcript }, outer);
  }

  get sent(): ClientHelloState {
    return this.#outer;
  }

  get meant(): TranscribedHello {
    return { hello: this.#inner, transcript: this.#innerTranscript };
  }

  /** RFC 9849 §6.1.5. */
  takeRetryRequest(suite: CipherSuite13, { raw }: ServerHelloMessage): ClientHelloState {
    const hashed = messageHash(this.#io.crypto, suite.hash, this.#inner.message);
    this.#retryConfirmed = this.#isConfirmed(suite, [hashed], raw);
    this.#messagesBefore = [hashed, raw];
    for (const transcript of [this.#io.transcript, this.#innerTranscript]) {
      transcript.replaceWithMessageHash(suite.hash);
      transcript.add(raw);
    }
    return this.#retryConfirmed ? this.#inner : this.#outer;
  }

  retry(changes: Partial<ClientHelloChoices>): MaybePromise<void> {
    const inner = { ...this.#inner, ...changes, order: [...this.#inner.offered] };
    const outer = { ...this.#outer, ...changes, psks: [], order: [...this.#outer.offered] };
    if (this.#retryConfirmed === false) {
      // §6.1.5: the offer is rejected, and the extension is repeated as if it were GREASE
      const planned = planClientHello(this.#settings, { ...outer, extra: [this.#seal.first] });
      this.#outer = encodePlanned(this.#io, this.#io.transcript, planned);
      return undefined;
    }
    const hellos = planBoth(this.#settings, this.#seal, inner, outer.random, outer.order);
    this.#inner = encodePlanned(this.#io, this.#innerTranscript, hellos.inner);
    this.#innerTranscript.add(this.#inner.message);
    this.#messagesBefore = [...this.#messagesBefore, this.#inner.message];
    return sealed(this.#seal, this.#inner, hellos.outer).then((message) => {
      this.#outer = message;
    });
  }

  /**
   * RFC 9849 §6.1.4.
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the HelloRetryRequest confirmed the offer and the ServerHello does not
   */
  answeredBy(suite: CipherSuite13, serverHello: Uint8Array): AnsweredHello {
    if (this.#retryConfirmed === false) return this.#rejected();
    const isConfirmed = this.#isConfirmed(suite, this.#messagesBefore, serverHello);
    if (isConfirmed) return { ...this.meant, settings: this.#settings, ech: 'accepted' };
    if (this.#retryConfirmed === true)
      throw illegalParameter('ServerHello: no ECH, which the HelloRetryRequest accepted');
    return this.#rejected();
  }

  answeredInTls12(): AnsweredHello {
    return this.#rejected();
  }

  /** RFC 9849 §6.1.7: a server that is not the one that was meant gets no certificate, and no session of its is kept. */
  #rejected(): AnsweredHello {
    return {
      hello: this.#outer,
      transcript: this.#io.transcript,
      settings: { ...this.#settings, identities: [], selectIdentity: undefined, sessionStore: undefined },
      ech: 'rejected',
    };
  }

  #isConfirmed({ hash }: CipherSuite13, messagesBefore: readonly Uint8Array[], message: Uint8Array): boolean {
    const { crypto } = this.#io;
    return isAcceptanceConfirmed({ crypto, hash, innerRandom: this.#inner.random, messagesBefore }, message);
  }
}

interface PlannedPair {
  readonly inner: PlannedClientHello;
  readonly outer: PlannedClientHello;
}

/** RFC 9849 §6.1: what both hold alike is drawn once. */
function planBoth(
  settings: ClientSettings,
  { config }: EchOffer,
  choices: ClientHelloChoices,
  outerRandom: Uint8Array,
  outerOrder?: readonly number[],
): PlannedPair {
  const innerSettings = { ...settings, speaksTls12: false };
  const plannedInner = planClientHello(innerSettings, { ...choices, extra: [innerEchExtension] });
  const publicName = { ...choices.options, serverName: config.publicName };
  const outerChoices = { ...choices, options: publicName, random: outerRandom, psks: [], extra: [outerEchPlaceholder] };
  const plannedOuter = planClientHello(settings, { ...outerChoices, order: outerOrder ?? choices.order });
  const outerExtensions = [...plannedOuter.parameters.extensions, ...decoyPsk(settings, plannedInner)];
  const { parameters } = plannedInner;
  return {
    inner: {
      ...plannedInner,
      parameters: { ...parameters, extensions: orderForCompression(parameters.extensions, outerExtensions) },
    },
    outer: { ...plannedOuter, parameters: { ...plannedOuter.parameters, extensions: outerExtensions } },
  };
}

/** §6.1.2: the PSK itself is only in the ClientHelloInner. */
function decoyPsk({ random }: ClientSettings, { parameters }: PlannedClientHello): readonly Extension[] {
  const psk = parameters.extensions.find(({ type }) => type === ExtensionType.preSharedKey);
  return psk === undefined ? [] : [greasePreSharedKey(psk.body, random)];
}

async function sealed(seal: EchOffer, inner: ClientHelloState, outer: PlannedClientHello): Promise<ClientHelloState> {
  const { choices, parameters } = outer;
  const message = await seal.seal(inner.message, parameters);
  return { ...choices, message, offered: new Set(parameters.extensions.map(({ type }) => type)) };
}
