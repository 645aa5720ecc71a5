import type { CertificateType } from '@org/tls-core';
import type { Extension } from '../wire/extension.ts';
import { having, standingIn } from '../wire/known-extensions.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import type { ServerSettings } from './server-settings.ts';

/** What a server says in its EncryptedExtensions. */
export interface EncryptedChoices {
  readonly protocol: 'TLSv1.3';
  readonly alpnProtocol: Uint8Array | undefined;
  readonly resumesSession: boolean;
  readonly acceptsEarlyData: boolean;
  /** How many tickets the client gets. */
  readonly tickets: number;
  readonly serverCertificateType: CertificateType;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
  /** An ECHConfigList for a client whose Encrypted Client Hello could not be opened. */
  readonly retryConfigs: Uint8Array | undefined;
}

const answered = having('answer', standingIn('tls13', 'EncryptedExtensions'));

/** The extensions of EncryptedExtensions, in the order in which they are sent (RFC 8446 §4.3.1): each answers one of the client's. */
export function encryptedExtensions(
  settings: ServerSettings,
  hello: ClientHello13,
  choices: EncryptedChoices,
): readonly Extension[] {
  const by = { settings, choices };
  return answered.flatMap((extension) => {
    if (!hello.has(extension)) return [];
    // `never`: each extension takes what it read itself
    return extension.answer(hello.value<unknown>(extension) as never, by) ?? [];
  });
}
