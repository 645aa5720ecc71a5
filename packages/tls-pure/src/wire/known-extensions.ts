import type { ExtensionCarrier } from './extension.ts';
import type { ExtensionDefinition, Tls12Carrier } from './extension-definition.ts';
import { alpn } from './extensions/alpn.ts';
import { certificateAuthorities } from './extensions/certificate-authorities.ts';
import { clientCertificateType, serverCertificateType } from './extensions/certificate-types.ts';
import { compressCertificate } from './extensions/compress-certificate.ts';
import { cookie } from './extensions/cookie.ts';
import { earlyData } from './extensions/early-data.ts';
import { ecPointFormats } from './extensions/ec-point-formats.ts';
import { encryptedClientHello } from './extensions/encrypted-client-hello.ts';
import { extendedMasterSecret } from './extensions/extended-master-secret.ts';
import { keyShare } from './extensions/key-share.ts';
import { notImplemented } from './extensions/not-implemented.ts';
import { preSharedKey } from './extensions/pre-shared-key.ts';
import { pskKeyExchangeModes } from './extensions/psk-key-exchange-modes.ts';
import { recordSizeLimit } from './extensions/record-size-limit.ts';
import { renegotiationInfo } from './extensions/renegotiation-info.ts';
import { serverName } from './extensions/server-name.ts';
import { sessionTicket } from './extensions/session-ticket.ts';
import { signatureAlgorithms } from './extensions/signature-algorithms.ts';
import { signedCertificateTimestamp } from './extensions/signed-certificate-timestamp.ts';
import { statusRequest } from './extensions/status-request.ts';
import { supportedGroups } from './extensions/supported-groups.ts';
import { supportedVersions } from './extensions/supported-versions.ts';
import { ticketRequest } from './extensions/ticket-request.ts';

/** All extensions, in the order in which a message holds them unless the order is drawn by lot. */
export const knownExtensions = [
  serverName,
  supportedGroups,
  signatureAlgorithms,
  statusRequest,
  signedCertificateTimestamp,
  alpn,
  recordSizeLimit,
  extendedMasterSecret,
  renegotiationInfo,
  ecPointFormats,
  sessionTicket,
  supportedVersions,
  keyShare,
  pskKeyExchangeModes,
  compressCertificate,
  ticketRequest,
  earlyData,
  cookie,
  certificateAuthorities,
  clientCertificateType,
  serverCertificateType,
  encryptedClientHello,
  preSharedKey,
  ...notImplemented,
] as const satisfies readonly ExtensionDefinition[];

type Known = (typeof knownExtensions)[number];

/** Those of `knownExtensions` that have this part. */
export type Having<Part extends keyof ExtensionDefinition, Among = Known> = Extract<
  Among,
  Readonly<Record<Part, unknown>>
>;

type StandingIn<Version extends 'tls12' | 'tls13', Carrier> = Known extends infer Each extends Known
  ? Each extends Known
    ? Carrier extends Each[Version][number]
      ? Each
      : never
    : never
  : never;

export function having<Part extends keyof ExtensionDefinition, Among extends ExtensionDefinition>(
  among: readonly Among[],
  part: Part,
): readonly Having<Part, Among>[] {
  return among.filter((each): each is Having<Part, Among> => part in each);
}

/** Those that may stand in a message of TLS 1.2. */
export function standingIn12<Carrier extends Tls12Carrier>(carrier: Carrier): readonly StandingIn<'tls12', Carrier>[] {
  return knownExtensions.filter((each: ExtensionDefinition): each is StandingIn<'tls12', Carrier> =>
    each.tls12.includes(carrier),
  );
}

/** Those that may stand in a message of TLS 1.3. */
export function standingIn13<Carrier extends ExtensionCarrier>(
  carrier: Carrier,
): readonly StandingIn<'tls13', Carrier>[] {
  return knownExtensions.filter((each: ExtensionDefinition): each is StandingIn<'tls13', Carrier> =>
    each.tls13.includes(carrier),
  );
}
