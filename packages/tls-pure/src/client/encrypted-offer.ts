import { TlsError, type ClientEngineOptions } from '@org/tls-core';
import type { CipherSuite } from '@org/tls-crypto';
import { isAcceptanceConfirmed, messageHash } from '../ech/accept-confirmation.ts';
import { orderForCompression } from '../ech/client-hello-inner.ts';
import { EchOffer, outerEchPlaceholder } from '../ech/client-offer.ts';
import { readEchConfigOption, selectEchConfig, type EchSelection } from '../ech/ech-config.ts';
import { innerEchExtension } from '../ech/extension.ts';
import { greasePreSharedKey } from '../ech/grease.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { randomBytes } from '../handshake/settings.ts';
import { settle, type Handshake } from '../handshake/steps.ts';
import { Transcript } from '../schedule/transcript.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import type { ClientSettings } from './client-settings.ts';
import {
  encodePlanned,
  planClientHello,
  type ClientHelloChoices,
  type ClientHelloState,
  type PlannedClientHello,
} from './make-client-hello.ts';

/**
 * The config that a connection's ECHConfigList is used with (RFC 9849 §6.1).
 * @returns `undefined` when there is no list, or none of it can be used and the caller wants to go on without
 * @throws TlsError `ERR_TLS_CONFIG` when nothing of it can be used and the caller does not say so, or TLS 1.3 is off: nothing is then
 *   sent in the clear
 */
export function chooseEchConfig(
  { crypto, speaksTls13 }: ClientSettings,
  { echConfigList, unusableEchConfigs = 'refuse' }: ClientEngineOptions,
): EchSelection | undefined {
  if (echConfigList === undefined) return undefined;
  const selection = selectEchConfig(readEchConfigOption(echConfigList), crypto.hasHardwareAes);
  if (!speaksTls13) throw badList('it needs TLS 1.3');
  if (selection === undefined && unusableEchConfigs === 'refuse')
    throw badList('it holds no ECHConfig that can be used');
  return selection;
}

function badList(why: string): TlsError {
  return new TlsError('ERR_TLS_CONFIG', `echConfigList: ${why}`, { option: 'echConfigList' });
}

/** An offer of Encrypted Client Hello (RFC 9849 §6.1): two ClientHellos, of which only the outer one is seen. */
export class EchAttempt {
  readonly #settings: ClientSettings;
  readonly #offer: EchOffer;
  /** Over the ClientHelloInner and what follows. */
  readonly transcript: Transcript;
  #inner: ClientHelloState;
  #outer: ClientHelloState;
  /** What the confirmation in a ServerHello covers. */
  #messagesBefore: readonly Uint8Array[];
  /** What a HelloRetryRequest said, if there was one. */
  #retryConfirmed: boolean | undefined;

  private constructor(
    settings: ClientSettings,
    offer: EchOffer,
    transcript: Transcript,
    inner: ClientHelloState,
    outer: ClientHelloState,
  ) {
    this.#settings = settings;
    this.#offer = offer;
    this.transcript = transcript;
    this.#inner = inner;
    this.#outer = outer;
    this.#messagesBefore = [inner.message];
  }

  /** @param choices of the ClientHelloInner, but its random */
  static *start(
    io: HandshakeIo,
    settings: ClientSettings,
    selection: EchSelection,
    choices: ClientHelloChoices,
  ): Handshake<EchAttempt> {
    const offer = yield* settle(EchOffer.start(io.crypto, selection));
    const transcript = new Transcript(io.crypto);
    const hellos = planBoth(settings, offer, choices, randomBytes(settings, 32));
    const inner = encodePlanned(io.crypto, transcript, hellos.inner);
    transcript.add(inner.message);
    const outer = yield* seal(offer, inner, hellos.outer);
    return new EchAttempt(settings, offer, transcript, inner, outer);
  }

  get inner(): ClientHelloState {
    return this.#inner;
  }

  /** What is sent. */
  get outer(): ClientHelloState {
    return this.#outer;
  }

  /** Whether a HelloRetryRequest confirms the offer; it becomes part of both transcripts (RFC 9849 §6.1.5). */
  acceptRetry(io: HandshakeIo, suite: CipherSuite, request: Uint8Array): boolean {
    const { crypto } = io;
    const hashed = messageHash(crypto, suite.hash, this.#inner.message);
    const input = { crypto, hash: suite.hash, innerRandom: this.#inner.random, messagesBefore: [hashed] };
    this.#retryConfirmed = isAcceptanceConfirmed(input, request);
    this.transcript.replaceWithMessageHash(suite.hash);
    this.transcript.add(request);
    this.#messagesBefore = [hashed, request];
    return this.#retryConfirmed;
  }

  /**
   * The second pair of ClientHellos.
   * @param changes what a HelloRetryRequest changes
   */
  *retry(io: HandshakeIo, changes: Partial<ClientHelloChoices>): Handshake<void> {
    const inner = { ...this.#inner, ...changes, order: [...this.#inner.offered] };
    const outer = { ...this.#outer, ...changes, psks: [], order: [...this.#outer.offered] };
    if (this.#retryConfirmed === false) {
      // §6.1.5: rejected; the extension is repeated as if it were GREASE
      const planned = planClientHello(this.#settings, { ...outer, extra: [this.#offer.first] });
      this.#outer = encodePlanned(io.crypto, io.transcript, planned);
      return;
    }
    const hellos = planBoth(this.#settings, this.#offer, inner, outer.random, outer.order);
    this.#inner = encodePlanned(io.crypto, this.transcript, hellos.inner);
    this.transcript.add(this.#inner.message);
    this.#messagesBefore = [...this.#messagesBefore, this.#inner.message];
    this.#outer = yield* seal(this.#offer, this.#inner, hellos.outer);
  }

  /**
   * Whether a ServerHello confirms the offer (RFC 9849 §6.1.4).
   * @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when the HelloRetryRequest did and it does not
   */
  isAccepted(io: HandshakeIo, suite: CipherSuite, serverHello: Uint8Array): boolean {
    if (this.#retryConfirmed === false) return false;
    const { crypto } = io;
    const input = {
      crypto,
      hash: suite.hash,
      innerRandom: this.#inner.random,
      messagesBefore: this.#messagesBefore,
    };
    const isConfirmed = isAcceptanceConfirmed(input, serverHello);
    if (this.#retryConfirmed === true && !isConfirmed)
      throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', 'ServerHello: no ECH, which the HelloRetryRequest accepted');
    return isConfirmed;
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

function* seal(offer: EchOffer, inner: ClientHelloState, outer: PlannedClientHello): Handshake<ClientHelloState> {
  const { choices, parameters } = outer;
  const message = yield* settle(offer.seal(inner.message, parameters));
  return { ...choices, message, offered: new Set(parameters.extensions.map(({ type }) => type)) };
}
