import type { CertificateType } from '@org/tls-core';
import type { Extension } from '../wire/extension.ts';
import { having, standingIn } from '../wire/known-extensions.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';
import type { ServerSettings } from './server-settings.ts';

/** What a server says in the ServerHello of TLS 1.2. */
export interface ServerHelloChoices12 {
  readonly protocol: 'TLSv1.2';
  readonly alpnProtocol: Uint8Array | undefined;
  readonly givesTicket: boolean;
  readonly resumesSession: boolean;
  readonly serverCertificateType: CertificateType;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
  /** A CertificateStatus follows the certificate (RFC 6066 §8). */
  readonly sendsCertificateStatus: boolean;
  /** A SignedCertificateTimestampList (RFC 6962 §3.3) of the certificate; `undefined`: there is none, or no certificate is sent. */
  readonly signedCertificateTimestamps: Uint8Array | undefined;
}

const answered = having('answer', standingIn('tls12', 'ServerHello'));

/** The extensions of a ServerHello of TLS 1.2, in the order in which they are sent (RFC 5246 §7.4.1.4): each answers one of the client's. */
export function serverHelloExtensions12(
  settings: ServerSettings,
  hello: ClientHelloMessage,
  choices: ServerHelloChoices12,
): readonly Extension[] {
  const by = { settings, choices };
  return answered.flatMap((extension) => {
    if (!hello.has(extension)) return [];
    // `never`: each extension takes what it read itself
    return extension.answer(hello.value<unknown>(extension) as never, by) ?? [];
  });
}
