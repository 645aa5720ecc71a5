import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { withGrease } from '../grease.ts';

/**
 * The versions that a client speaks (RFC 8446 §4.2.1). A server reads it before all else, since it decides the version; its answer stands
 * in the ServerHello of TLS 1.3, and decides the version, too.
 */
export const supportedVersions = {
  type: ExtensionType.supportedVersions,
  name: 'supported_versions',
  tls12: [],
  tls13: ['ClientHello', 'ServerHello', 'HelloRetryRequest'],

  offer({ settings, choices }: { readonly settings: VersionSettings; readonly choices: VersionChoices }) {
    const versions = settings.speaksTls12 ? [WireVersion.tls13, WireVersion.tls12] : [WireVersion.tls13];
    return encodeSupportedVersions(withGrease(choices.grease?.version, versions));
  },

  readOffer: decodeSupportedVersions,
} as const satisfies ExtensionDefinition<Uint16Array>;

export interface VersionSettings {
  readonly speaksTls12: boolean;
}

export interface VersionChoices {
  readonly grease: { readonly version: number } | undefined;
}

/** Protocol versions as on the wire. */
export const WireVersion = { tls10: 0x0301, tls12: 0x0303, tls13: 0x0304 } as const;

/** `supported_versions` of a ClientHello (RFC 8446 §4.2.1). */
export function encodeSupportedVersions(versions: readonly number[]): Extension {
  const body = new Writer(1 + 2 * versions.length)
    .vector8((list) => {
      for (const version of versions) list.uint16(version);
    })
    .finish();
  return { type: ExtensionType.supportedVersions, body };
}

export function decodeSupportedVersions(body: Uint8Array): Uint16Array {
  return decodeAll(body, 'supported_versions', (reader) => reader.numbers8(2));
}

/** `supported_versions` of a ServerHello or HelloRetryRequest: the one that was chosen. */
export function encodeSelectedVersion(version: number): Extension {
  return { type: ExtensionType.supportedVersions, body: new Writer(2).uint16(version).finish() };
}

export function decodeSelectedVersion(body: Uint8Array): number {
  return decodeAll(body, 'supported_versions', (reader) => reader.uint16());
}
