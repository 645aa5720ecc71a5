import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { withGrease } from '../grease.ts';
import { decodeNumberList, encodeNumberList } from '../number-list.ts';

/** The groups for key exchange that a client knows, in order of preference (RFC 8446 §4.2.7, RFC 8422 §5.1.1). */
export const supportedGroups = {
  type: ExtensionType.supportedGroups,
  name: 'supported_groups',
  // some servers of TLS 1.2 send their list back; it says nothing
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings, choices }: { readonly settings: GroupSettings; readonly choices: GroupChoices }) {
    const usable = settings.groups.filter(({ tls12 }) => settings.speaksTls13 || tls12);
    return encodeSupportedGroups(
      withGrease(
        choices.grease?.group,
        usable.map(({ id }) => id),
      ),
    );
  },

  readOffer: decodeSupportedGroups,
  /** RFC 8446 §4.2.7: a client does not act upon it before the handshake is done; this one never does. */
  readAnswer: decodeSupportedGroups,
} as const satisfies ExtensionDefinition<Uint16Array>;

export interface GroupSettings {
  readonly groups: readonly { readonly id: number; readonly tls12: boolean }[];
  readonly speaksTls13: boolean;
}

export interface GroupChoices {
  readonly grease: { readonly group: number } | undefined;
}

export function encodeSupportedGroups(groups: readonly number[]): Extension {
  return { type: ExtensionType.supportedGroups, body: encodeNumberList(groups) };
}

export function decodeSupportedGroups(body: Uint8Array): Uint16Array {
  return decodeNumberList(body, 'supported_groups');
}
