import { decodeAll, Writer } from '@org/tls-core/backend';
import type { ExtensionDefinition } from '../extension-definition.ts';
import { ExtensionType, type Extension } from '../extension.ts';
import { illegalParameter } from '../illegal-parameter.ts';

/** How long a record may be that the sender of this receives (RFC 8449). In TLS 1.3 the content type's byte counts (§4). */
export const recordSizeLimit = {
  type: ExtensionType.recordSizeLimit,
  name: 'record_size_limit',
  tls12: ['ClientHello', 'ServerHello'],
  tls13: ['ClientHello', 'EncryptedExtensions'],

  offer({ settings }: { readonly settings: OfferingSettings }) {
    const limit = offeredLimit(settings);
    return limit === undefined ? undefined : encodeRecordSizeLimit(limit);
  },

  readOffer: decodeRecordSizeLimit,

  applyOffer(offered: number, { settings, connection, protocol }: Agreement<LimitSettings>) {
    agree(connection, protocol, offered, answeredLimit(settings, protocol));
  },

  answer(
    _offered: number,
    { settings, choices }: { readonly settings: LimitSettings; readonly choices: { readonly protocol: Protocol } },
  ) {
    const limit = answeredLimit(settings, choices.protocol);
    return limit === undefined ? undefined : encodeRecordSizeLimit(limit);
  },

  readAnswer: decodeRecordSizeLimit,

  applyAnswer(answer: number, { settings, connection, protocol }: Agreement<OfferingSettings>) {
    agree(connection, protocol, answer, offeredLimit(settings));
  },
} as const satisfies ExtensionDefinition<number>;

type Protocol = 'TLSv1.2' | 'TLSv1.3';

export interface LimitSettings {
  readonly config: { readonly recordSizeLimit?: number };
}

export interface OfferingSettings extends LimitSettings {
  readonly speaksTls13: boolean;
}

export interface Agreement<Settings> {
  readonly settings: Settings;
  readonly connection: {
    /** Sends no longer content in a record. */
    limitFragments(length: number): void;
    /** Refuses longer records, of those that the peer sent when it knew the limit. */
    enforceRecordSize(limit: number): void;
  };
  readonly protocol: Protocol;
}

/** A client does not know the version yet: where it speaks TLS 1.3, its limit counts the content type. */
function offeredLimit({ config, speaksTls13 }: OfferingSettings): number | undefined {
  return config.recordSizeLimit === undefined ? undefined : config.recordSizeLimit + (speaksTls13 ? 1 : 0);
}

function answeredLimit({ config }: LimitSettings, protocol: Protocol): number | undefined {
  return config.recordSizeLimit === undefined ? undefined : config.recordSizeLimit + contentTypeLength(protocol);
}

/** Both limits hold when both sides have sent theirs (RFC 8449 §4). */
function agree(
  connection: Agreement<unknown>['connection'],
  protocol: Protocol,
  theirs: number,
  ours: number | undefined,
): void {
  connection.limitFragments(theirs - contentTypeLength(protocol));
  if (ours !== undefined) connection.enforceRecordSize(ours);
}

/** RFC 8449 §4: in TLS 1.3 the limit counts `TLSInnerPlaintext`. */
function contentTypeLength(protocol: Protocol): number {
  return protocol === 'TLSv1.3' ? 1 : 0;
}

function encodeRecordSizeLimit(limit: number): Extension {
  return { type: ExtensionType.recordSizeLimit, body: new Writer(2).uint16(limit).finish() };
}

const minRecordSizeLimit = 64;

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` below 64 (RFC 8449 §4) */
function decodeRecordSizeLimit(body: Uint8Array): number {
  const limit = decodeAll(body, 'record_size_limit', (reader) => reader.uint16());
  if (limit < minRecordSizeLimit) throw illegalParameter(`record_size_limit: expected at least 64, got ${limit}`);
  return limit;
}
