import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { withGrease } from '../grease.ts';
import { decodeNumberList, encodeNumberList } from '../number-list.ts';

/** The signature schemes that the sender accepts, in order of preference (RFC 8446 §4.2.3). */
export const signatureAlgorithms = {
  type: ExtensionType.signatureAlgorithms,
  name: 'signature_algorithms',
  tls12: ['ClientHello'],
  tls13: ['ClientHello', 'CertificateRequest'],

  offer({ settings, choices }: { readonly settings: SchemeSettings; readonly choices: SchemeChoices }) {
    const usable = settings.signatureSchemes.filter(({ tls12 }) => settings.speaksTls13 || tls12);
    return encodeSignatureAlgorithms(
      withGrease(
        choices.grease?.signatureScheme,
        usable.map(({ id }) => id),
      ),
    );
  },

  request({ settings }: { readonly settings: Pick<SchemeSettings, 'signatureSchemes'> }) {
    return encodeSignatureAlgorithms(settings.signatureSchemes.map(({ id }) => id));
  },

  readOffer: decodeSignatureAlgorithms,
} as const satisfies ExtensionDefinition<Uint16Array>;

export interface SchemeSettings {
  readonly signatureSchemes: readonly { readonly id: number; readonly tls12: boolean }[];
  readonly speaksTls13: boolean;
}

export interface SchemeChoices {
  readonly grease: { readonly signatureScheme: number } | undefined;
}

export function encodeSignatureAlgorithms(schemes: readonly number[]): Extension {
  return { type: ExtensionType.signatureAlgorithms, body: encodeNumberList(schemes) };
}

export function decodeSignatureAlgorithms(body: Uint8Array): Uint16Array {
  return decodeNumberList(body, 'signature_algorithms');
}
