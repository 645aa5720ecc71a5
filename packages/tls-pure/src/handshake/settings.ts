import type { ClientConfig, CommonConfig, VerifyPeer } from '@org/tls-core';
import { encodeAlpnProtocol } from '@org/tls-core';
import { preferredCipherSuites, type CipherSuite } from '../crypto/cipher-suites.ts';
import { namedGroups, type NamedGroup } from '../crypto/named-groups.ts';
import { privateKeyLength, type CryptoProvider, type KeyShare } from '../crypto/provider.ts';
import { signatureSchemes, type SignatureScheme } from '../crypto/signature-schemes.ts';
import type { TrustAnchors } from '../x509/verifier.ts';
import type { ExtensionCarrier, Extension } from '../wire/extension.ts';

/** A checked configuration in the engine's terms, shared by all connections of a context. */
export interface CommonSettings {
  readonly backend: string;
  readonly crypto: CryptoProvider;
  readonly cipherSuites: readonly CipherSuite[];
  readonly groups: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly alpnProtocols: readonly Uint8Array[];
  readonly clock: () => number;
  readonly random: (into: Uint8Array) => void;
  /** An ephemeral key pair, from `random` where the configuration has one. */
  readonly generateKeyShare: (group: NamedGroup) => KeyShare;
  readonly keyLog: boolean;
  readonly verifyPeer: VerifyPeer | undefined;
  readonly overrides: HandshakeOverrides;
}

/**
 * What tests may change in a handshake, to follow recorded ones to the byte and to be a peer that misbehaves. Not reachable
 * through the public interface.
 */
export interface HandshakeOverrides {
  /** `false` leaves out what RFC 8446 §D.4 adds: a session id and ChangeCipherSpec records. */
  readonly middleboxCompatibility?: boolean;
  /** Changes the extensions of a message before it is encoded. */
  readonly shapeExtensions?: (carrier: ExtensionCarrier, extensions: readonly Extension[]) => readonly Extension[];
  /** Replaces a whole handshake message by any number of others. */
  readonly shapeMessage?: (message: Uint8Array) => readonly Uint8Array[];
  /** Handshake messages that a server sends right behind the client's Finished. */
  readonly afterHandshake?: readonly Uint8Array[];
}

export interface ClientSettings extends CommonSettings {
  readonly trustAnchors: TrustAnchors;
  readonly acceptsAnyCertificate: boolean;
}

/** @param config checked by `checkClientConfig` or `checkServerConfig` */
export function commonSettings(
  backend: string,
  crypto: CryptoProvider,
  config: CommonConfig,
  overrides: HandshakeOverrides = {},
): CommonSettings {
  const { random } = config;
  return {
    backend,
    crypto,
    cipherSuites: chooseByName(preferredCipherSuites(crypto.hasHardwareAes), config.cipherSuites),
    groups: chooseByName(namedGroups, config.groups),
    signatureSchemes: chooseByName(signatureSchemes, config.signatureSchemes),
    alpnProtocols: (config.alpnProtocols ?? []).map((protocol) => encodeAlpnProtocol(protocol)),
    clock: config.clock ?? Date.now,
    random: random ?? ((into) => crypto.randomFill(into)),
    generateKeyShare:
      random === undefined
        ? (group) => crypto.generateKeyShare(group.algorithm)
        : (group) => {
            const privateKey = new Uint8Array(privateKeyLength[group.algorithm]);
            random(privateKey);
            return crypto.generateKeyShare(group.algorithm, privateKey);
          },
    keyLog: config.keyLog ?? false,
    verifyPeer: config.verifyPeer,
    overrides,
  };
}

export function clientSettings(
  common: CommonSettings,
  config: ClientConfig,
  trustAnchors: TrustAnchors,
): ClientSettings {
  return { ...common, trustAnchors, acceptsAnyCertificate: config.dangerous?.acceptAnyCertificate ?? false };
}

/** Fresh random bytes from the configuration's source. */
export function randomBytes(settings: CommonSettings, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  settings.random(bytes);
  return bytes;
}

/** All rows, or those that are named, in the order of the names. */
function chooseByName<Row extends { readonly name: string }>(
  rows: readonly Row[],
  names: readonly string[] | undefined,
): readonly Row[] {
  if (names === undefined) return rows;
  return names.flatMap((name) => rows.filter((row) => row.name === name));
}
