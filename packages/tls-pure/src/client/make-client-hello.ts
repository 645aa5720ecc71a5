import type { ClientEngineOptions, EarlyDataReason } from '@org/tls-core';
import type { NamedGroup, KeyShare } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Transcript } from '../schedule/transcript.ts';
import type { SessionState } from '../session/session-state.ts';
import { ExtensionType, type Extension } from '../wire/extension.ts';
import { having, knownExtensions, standingIn } from '../wire/known-extensions.ts';
import { encodeClientHello, type ClientHelloParameters } from '../wire/messages/client-hello.ts';
import type { ClientSettings } from './client-settings.ts';
import type { GreaseValues } from './grease.ts';
import { writeBinders, type OfferedPsk } from './offered-psk.ts';

/** A ClientHello, and what the answer to it is checked against. */
export interface ClientHelloState extends ClientHelloChoices {
  /** The whole message. */
  readonly message: Uint8Array;
  /** Types of the extensions it holds, in their order, reserved ones (RFC 8701) left out: nothing may answer them. */
  readonly offered: ReadonlySet<number>;
}

/** What a ClientHello is made from; a second one differs little (RFC 8446 §4.1.2). */
export interface ClientHelloChoices {
  readonly options: ClientEngineOptions;
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly keyShares: readonly ClientKeyShare[];
  readonly cookie: Uint8Array | undefined;
  /** To be resumed, of either version. */
  readonly session: SessionState | undefined;
  readonly psks: readonly OfferedPsk[];
  readonly offersEarlyData: boolean;
  /** Why it does not; `accepted`: it does. */
  readonly earlyDataReason: EarlyDataReason;
  readonly grease: GreaseValues | undefined;
  /** The types of a first ClientHello's extensions, whose order is kept; `undefined`: this is the first. */
  readonly order: readonly number[] | undefined;
  /** Further extensions. */
  readonly extra: readonly Extension[];
}

export interface ClientKeyShare {
  readonly group: NamedGroup;
  readonly keyShare: KeyShare;
}

/** TLS_FALLBACK_SCSV (RFC 7507). */
const fallbackScsv = 0x5600;

export function makeClientHello(
  io: HandshakeIo,
  settings: ClientSettings,
  choices: ClientHelloChoices,
): ClientHelloState {
  return encodePlanned(io, io.transcript, planClientHello(settings, choices));
}

/** A ClientHello before it is encoded. */
export interface PlannedClientHello {
  readonly choices: ClientHelloChoices;
  readonly parameters: ClientHelloParameters;
}

export function planClientHello(settings: ClientSettings, choices: ClientHelloChoices): PlannedClientHello {
  const { random, legacySessionId, grease } = choices;
  const planned = arrange(settings, choices, plan(settings, choices));
  const extensions = settings.overrides.shapeExtensions?.('ClientHello', planned) ?? planned;
  const cipherSuites = [
    ...(grease === undefined ? [] : [grease.cipherSuite]),
    ...(settings.speaksTls13 ? settings.cipherSuites13.map(({ id }) => id) : []),
    ...(settings.speaksTls12 ? settings.cipherSuites12.map(({ id }) => id) : []),
    ...(settings.config.fallback ? [fallbackScsv] : []),
  ];
  return { choices, parameters: { random, legacySessionId, cipherSuites, extensions } };
}

/** @param transcript what the binders of its PSKs cover, the message itself excluded */
export function encodePlanned(
  io: HandshakeIo,
  transcript: Transcript,
  { choices, parameters }: PlannedClientHello,
): ClientHelloState {
  const { extensions } = parameters;
  const message = encodeClientHello(parameters);
  if (extensions.some(({ type }) => type === ExtensionType.preSharedKey))
    writeBinders(io, transcript, message, choices.psks);
  // RFC 8701 §3.1: a reserved value is sent, and not offered
  const offered = new Set(extensions.map(({ type }) => type).filter((type) => !isGrease(choices.grease, type)));
  // a second ClientHello is made of the first one's state, whose message gives way
  return Object.assign({}, choices, { message, offered });
}

/** The extensions that a client of these versions may offer. */
const offers = {
  both: having('offer', knownExtensions),
  tls12: having('offer', standingIn('tls12', 'ClientHello')),
  tls13: having('offer', standingIn('tls13', 'ClientHello')),
} as const;

function plan(settings: ClientSettings, choices: ClientHelloChoices): readonly Extension[] {
  const { speaksTls12, speaksTls13 } = settings;
  const offered = speaksTls12 && speaksTls13 ? offers.both : speaksTls12 ? offers.tls12 : offers.tls13;
  const by = { settings, choices };
  const planned: Extension[] = [];
  for (const extension of offered) {
    const offer = extension.offer(by);
    if (offer !== undefined) planned.push(offer);
  }
  planned.push(...choices.extra);
  return planned;
}

function isGrease(grease: GreaseValues | undefined, type: number): boolean {
  return grease !== undefined && (type === grease.firstExtension || type === grease.lastExtension);
}

/** The order of the first ClientHello, or one drawn by lot; GREASE at both ends, `pre_shared_key` behind all (RFC 8446 §4.2.11). */
function arrange(
  settings: ClientSettings,
  { grease, order }: ClientHelloChoices,
  planned: readonly Extension[],
): readonly Extension[] {
  const preSharedKey = planned.filter(({ type }) => type === ExtensionType.preSharedKey);
  const others = planned.filter(({ type }) => type !== ExtensionType.preSharedKey);
  const arranged =
    order === undefined
      ? settings.config.permuteExtensions
        ? shuffled(settings, others)
        : others
      : asBefore(others, order);
  if (grease === undefined) return [...arranged, ...preSharedKey];
  return [
    { type: grease.firstExtension, body: new Uint8Array(0) },
    ...arranged,
    { type: grease.lastExtension, body: new Uint8Array(1) },
    ...preSharedKey,
  ];
}

/** What is new comes last. */
function asBefore(extensions: readonly Extension[], order: readonly number[]): readonly Extension[] {
  const place = ({ type }: Extension): number => (order.includes(type) ? order.indexOf(type) : order.length);
  return extensions.toSorted((left, right) => place(left) - place(right));
}

/** Fisher and Yates's shuffle; 32 random bits each leave no bias that counts. */
function shuffled({ random }: ClientSettings, extensions: readonly Extension[]): readonly Extension[] {
  const result = [...extensions];
  const draws = new Uint32Array(result.length);
  random(new Uint8Array(draws.buffer));
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = (draws[last] ?? 0) % (last + 1);
    const moved = result[last];
    const swapped = result[other];
    if (moved === undefined || swapped === undefined) continue;
    result[last] = swapped;
    result[other] = moved;
  }
  return result;
}
