import { ByteStringList, decodeAll, Writer } from '@org/tls-core/backend';
import { ExtensionType, type Extension } from '../extension.ts';

/** `certificate_authorities` (RFC 8446 §4.2.4): DER-encoded distinguished names, at least one. */
export function encodeCertificateAuthorities(names: readonly Uint8Array[]): Extension {
  const body = new Writer()
    .vector16((list) => {
      for (const name of names) list.vector16(() => list.bytes(name));
    })
    .finish();
  return { type: ExtensionType.certificateAuthorities, body };
}

export function decodeCertificateAuthorities(body: Uint8Array): ByteStringList {
  const what = 'certificate_authorities';
  return new ByteStringList(
    decodeAll(body, what, (reader) => reader.vector16(3)),
    2,
    1,
    what,
  );
}
