import type { ChainJudge, Identity, MaybePromise, VerifyPeer } from '@org/tls-core';
import { encodeAlpnProtocol, ExternalPskDigests, type CheckedConfig } from '@org/tls-core/backend';
import {
  preferredCipherSuites13,
  type CipherSuite13,
  groupsOf,
  type NamedGroup,
  encapsulationLength,
  privateKeyLength,
  type CryptoProvider,
  type KeyShare,
  schemesOf,
  type SignatureScheme,
  preferredCipherSuites12,
  type CipherSuite12,
} from '@org/tls-crypto';
import type { RecordContent } from '../record/record-writer.ts';
import type { Extension, ExtensionCarrier } from '../wire/extension.ts';
import type { SessionState } from '../session/session-state.ts';
import type { LoadedIdentity } from './identity.ts';

/** A checked configuration in the engine's terms, shared by all connections of a context. */
export interface CommonSettings {
  readonly backend: string;
  /** As it was checked: extensions take from it what they need no other form of. */
  readonly config: CheckedConfig;
  readonly crypto: CryptoProvider;
  readonly speaksTls12: boolean;
  readonly speaksTls13: boolean;
  readonly cipherSuites13: readonly CipherSuite13[];
  readonly cipherSuites12: readonly CipherSuite12[];
  readonly groups: readonly NamedGroup[];
  /** What we accept from the peer. */
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly alpnProtocols: readonly Uint8Array[];
  readonly random: (into: Uint8Array) => void;
  /** An ephemeral key pair, from `random` where the configuration has one. */
  readonly generateKeyShare: (group: NamedGroup) => KeyShare;
  /** The server's answer to a client's share. */
  readonly encapsulate: (group: NamedGroup, peerKeyExchange: Uint8Array) => ReturnType<CryptoProvider['encapsulate']>;
  readonly trust: PeerTrust;
  readonly externalPskDigests: ExternalPskDigests;
  /** What sessions are made under: they are resumed only under the same. It stays what it was when the handshake began. */
  readonly sessionBinding: Uint8Array;
  /** What they would be made under now. */
  readonly currentSessionBinding: () => Uint8Array;
  /** In order of preference. */
  readonly identities: readonly MaybePromise<LoadedIdentity>[];
  /** Loads what a hook chose; the same object is loaded once. */
  readonly loadIdentity: (identity: Identity) => MaybePromise<LoadedIdentity>;
  readonly overrides: HandshakeOverrides;
}

/** What the peer is judged by. */
export interface PeerTrust {
  /** `undefined`: no chain is accepted but by `acceptsAny`. */
  readonly judgeChain: ChainJudge | undefined;
  readonly acceptsAny: boolean;
  /** SubjectPublicKeyInfo of acceptable raw public keys. */
  readonly publicKeys: readonly Uint8Array[];
  /** The peer is asked for an OCSP response, so that one that must staple is held to it. */
  readonly asksForStaple: boolean;
  readonly verifyPeer: VerifyPeer | undefined;
  readonly verifiesResumedPeer: boolean;
}

/**
 * What tests may change in a handshake, to follow recorded ones to the byte and to be a peer that misbehaves. Only the entry
 * `@org/tls-pure/misbehaving` leads to it.
 */
export interface HandshakeOverrides {
  /** `false` leaves out what RFC 8446 §D.4 adds: a session id and ChangeCipherSpec records. */
  readonly middleboxCompatibility?: boolean;
  /** Changes the extensions of a message before it is encoded. */
  readonly shapeExtensions?: (carrier: ExtensionCarrier, extensions: readonly Extension[]) => readonly Extension[];
  /** Replaces a whole handshake message by any number of others. */
  readonly shapeMessage?: (message: Uint8Array) => readonly Uint8Array[];
  /** Replaces the content that goes into records, before it is cut and protected, by any number of others; each goes into records of its own. */
  readonly shapeContent?: (content: RecordContent) => readonly RecordContent[];
  /** Handshake messages that a server sends right behind the client's Finished, in place of tickets. */
  readonly afterHandshake?: readonly Uint8Array[];
  /** The state that another implementation's ticket stands for, encoded as ours, as if it had been made by this context. */
  readonly openTicket?: (ticket: Uint8Array, madeBy: Pick<SessionState, 'binding' | 'replayScope'>) => Uint8Array;
}

/**
 * @param config checked by `checkClientConfig` or `checkServerConfig`
 * @param roleSettings what each role makes in its own way
 */
export function commonSettings(
  backend: string,
  crypto: CryptoProvider,
  config: CheckedConfig,
  roleSettings: Pick<CommonSettings, 'trust' | 'currentSessionBinding' | 'identities' | 'loadIdentity'>,
  overrides: HandshakeOverrides = noOverrides,
): CommonSettings {
  const { random, minVersion, maxVersion } = config;
  const cipherSuites13 = chooseByName(preferredCipherSuites13(crypto.hasHardwareAes), config.cipherSuites);
  const cipherSuites12 = chooseByName(preferredCipherSuites12(crypto.hasHardwareAes), config.cipherSuites);
  return {
    ...roleSettings,
    sessionBinding: roleSettings.currentSessionBinding(),
    backend,
    config,
    crypto,
    speaksTls12: minVersion !== 'TLSv1.3' && cipherSuites12.length > 0,
    speaksTls13: maxVersion !== 'TLSv1.2' && cipherSuites13.length > 0,
    cipherSuites13,
    cipherSuites12,
    groups: config.groups === undefined ? defaults(groupsOf(crypto)) : chooseByName(groupsOf(crypto), config.groups),
    signatureSchemes:
      config.signatureSchemes === undefined
        ? defaults(schemesOf(crypto))
        : chooseByName(schemesOf(crypto), config.signatureSchemes),
    alpnProtocols: config.alpnProtocols.map((protocol) => encodeAlpnProtocol(protocol)),
    random: random ?? ((into) => crypto.randomFill(into)),
    generateKeyShare:
      random === undefined
        ? ({ algorithm }) => crypto.generateKeyShare(algorithm)
        : ({ algorithm }) => crypto.generateKeyShare(algorithm, drawn(random, privateKeyLength[algorithm])),
    encapsulate:
      random === undefined
        ? ({ algorithm }, peer) => crypto.encapsulate(algorithm, peer)
        : ({ algorithm }, peer) => crypto.encapsulate(algorithm, peer, drawn(random, encapsulationLength[algorithm])),
    externalPskDigests: new ExternalPskDigests(config.externalPsks, (bytes) => crypto.hash('sha256', bytes)),
    overrides,
  };
}

/**
 * Gives the settings as they are for a handshake that begins now. The peer is judged later, by these lists of revoked certificates or by newer
 * ones.
 */
export function ofThisMoment<Settings extends CommonSettings>(settings: Settings): Settings {
  const sessionBinding = settings.currentSessionBinding();
  return sessionBinding === settings.sessionBinding ? settings : { ...settings, sessionBinding };
}

/** Without a prototype: nothing that stands in `Object.prototype` is one. */
const noOverrides: HandshakeOverrides = Object.freeze(Object.create(null) as object);

function defaults<Row extends { readonly isDefault: boolean }>(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ isDefault }) => isDefault);
}

function drawn(random: (into: Uint8Array) => void, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  random(bytes);
  return bytes;
}

/** Fresh random bytes from the configuration's source. */
export function randomBytes({ random }: Pick<CommonSettings, 'random'>, length: number): Uint8Array {
  return drawn(random, length);
}

/** All rows, or those that are named, in the order of the names. */
export function chooseByName<Row extends { readonly name: string }>(
  rows: readonly Row[],
  names: readonly string[] | undefined,
): readonly Row[] {
  if (names === undefined) return rows;
  return names.flatMap((name) => rows.filter((row) => row.name === name));
}
