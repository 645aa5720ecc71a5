import { ByteStringList, decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';

/** The authorities that the sender accepts certificates of (RFC 8446 §4.2.4). A server of TLS 1.2 heeds a client's list, too. */
export const certificateAuthorities = {
  type: ExtensionType.certificateAuthorities,
  name: 'certificate_authorities',
  tls12: ['ClientHello'],
  tls13: ['ClientHello', 'CertificateRequest'],
  offer: plan,
  request: plan,
  readOffer: decodeCertificateAuthorities,
} as const satisfies ExtensionDefinition<ByteStringList>;

export interface AuthoritySettings {
  readonly config: { readonly certificateAuthorities: readonly Uint8Array[] };
}

function plan({ settings }: { readonly settings: AuthoritySettings }) {
  const names = settings.config.certificateAuthorities;
  return names.length === 0 ? undefined : encodeCertificateAuthorities(names);
}

/** DER-encoded distinguished names, at least one. */
function encodeCertificateAuthorities(names: readonly Uint8Array[]): Extension {
  const body = new Writer()
    .vector16((list) => {
      for (const name of names) list.vector16(() => list.bytes(name));
    })
    .finish();
  return { type: ExtensionType.certificateAuthorities, body };
}

function decodeCertificateAuthorities(body: Uint8Array): ByteStringList {
  const what = 'certificate_authorities';
  return new ByteStringList(
    decodeAll(body, what, (reader) => reader.vector16(3)),
    2,
    1,
    what,
  );
}
