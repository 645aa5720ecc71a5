import { TlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { NamedGroup } from '@org/tls-crypto';
import { refuseMisplaced } from '../wire/extension-places.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { keyShare } from '../wire/extensions/key-share.ts';
import { preSharedKey, type ReceivedPsks } from '../wire/extensions/pre-shared-key.ts';
import { PskKeyExchangeMode, pskKeyExchangeModes } from '../wire/extensions/psk-key-exchange-modes.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { supportedGroups } from '../wire/extensions/supported-groups.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { having, knownExtensions, standingIn } from '../wire/known-extensions.ts';
import type { ClientHello } from '../wire/messages/client-hello.ts';
import { isSubset } from '../wire/number-set.ts';
import type { NumberedVectors } from '../wire/numbered-vectors.ts';
import { ClientHelloMessage } from './client-hello-message.ts';

/** What a server of each version reads, whether it uses it or not: all must be well-formed. */
const read12 = having('readOffer', standingIn('tls12', 'ClientHello'));
const read13 = having('readOffer', standingIn('tls13', 'ClientHello'));

/** Checks all of a ClientHello that does not depend on our configuration (RFC 5246 §7.4.1.2). */
export function checkClientHello12(hello: ClientHelloMessage): void {
  if (!hello.legacyCompressionMethods.includes(0))
    throw illegalParameter('ClientHello: the null compression method is missing');
  for (const extension of read12) hello.value<unknown>(extension);
}

/** A ClientHello that offers TLS 1.3 and holds what §9.2 demands, all of it checked that does not depend on our configuration. */
export class ClientHello13 extends ClientHelloMessage {
  readonly supportedGroups: Uint16Array;
  readonly keyShares: NumberedVectors;
  /** The client can resume: it does psk_dhe_ke. */
  readonly takesTickets: boolean;
  /** `undefined` as well when the client does not do psk_dhe_ke. */
  readonly offeredPsks: ReceivedPsks | undefined;
  /** The client sent early data behind its first ClientHello. */
  readonly hasEarlyData: boolean;

  /** @param first the one before the HelloRetryRequest, from which the second may hardly differ (RFC 8446 §4.1.2) */
  constructor(message: ClientHelloMessage, first: ClientHello13 | undefined) {
    super(message, message.raw);
    refuseMisplaced(message.extensions, 'ClientHello');
    checkLegacyFields(message);
    checkPskPlace(this);
    for (const extension of read13) this.value<unknown>(extension);
    this.supportedGroups = this.need(supportedGroups);
    this.keyShares = this.need(keyShare);
    if (!isSubset(this.keyShares.numbers, this.supportedGroups))
      throw illegalParameter('ClientHello: key_share of a group that is not in supported_groups (§4.2.8)');
    // §9.2: a client that resumes or has a key of ours may do without
    if (!this.has(preSharedKey)) this.need(signatureAlgorithms);
    if (first !== undefined) refuseChanges(first, message);
    this.takesTickets = this.value(pskKeyExchangeModes)?.includes(PskKeyExchangeMode.pskDheKe) ?? false;
    this.offeredPsks = this.takesTickets ? this.value(preSharedKey) : undefined;
    this.hasEarlyData = (first ?? this).has(earlyData);
  }

  /** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when there is none */
  keyShareOf(group: NamedGroup): Uint8Array {
    const share = this.keyShares.get(group.id);
    if (share === undefined) throw illegalParameter(`ClientHello: no key_share of ${group.name}`);
    return share;
  }
}

function checkLegacyFields({ legacyVersion, legacyCompressionMethods: methods }: ClientHello): void {
  if (legacyVersion < WireVersion.tls12)
    throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'ClientHello: legacy_version is below 0x0303 (§4.1.2)');
  if (methods.length !== 1 || methods[0] !== 0)
    throw illegalParameter('ClientHello: legacy_compression_methods is not exactly null (§4.1.2)');
}

function checkPskPlace(hello: ClientHelloMessage): void {
  if (!hello.has(preSharedKey)) return;
  if (hello.extensions.numbers.at(-1) !== preSharedKey.type)
    throw illegalParameter('ClientHello: pre_shared_key is not the last extension (§4.2.11)');
  // §4.2.9: without psk_key_exchange_modes a pre_shared_key aborts
  hello.need(pskKeyExchangeModes);
}

/** Extensions that a second ClientHello may change (RFC 8446 §4.1.2, RFC 9849 §6.1.5). */
const changeable: ReadonlySet<number> = new Set(having('mayChange', knownExtensions).map(({ type }) => type));

function refuseChanges(first: ClientHello, second: ClientHello): void {
  const isSame =
    first.legacyVersion === second.legacyVersion &&
    equalBytes(first.random, second.random) &&
    equalBytes(first.legacySessionId, second.legacySessionId) &&
    sameNumbers(first.cipherSuites, second.cipherSuites) &&
    sameExtensions(first.extensions, second.extensions);
  if (!isSame) throw illegalParameter('ClientHello: changed more than it may after a HelloRetryRequest (§4.1.2)');
}

function sameNumbers(left: Uint16Array, right: Uint16Array): boolean {
  return left.length === right.length && left.every((number, index) => number === right[index]);
}

/** The same extensions in any order, but for those that may change. One pass over either list, of which both may be long. */
function sameExtensions(left: ClientHello['extensions'], right: ClientHello['extensions']): boolean {
  const places = new Uint16Array(2 ** 16);
  let count = 0;
  for (let index = 0; index < right.size; index += 1) {
    const type = right.numbers[index] ?? 0;
    if (changeable.has(type)) continue;
    places[type] = index + 1; // 0: absent
    count += 1;
  }
  for (let index = 0; index < left.size; index += 1) {
    const type = left.numbers[index] ?? 0;
    if (changeable.has(type)) continue;
    const place = places[type] ?? 0;
    if (place === 0 || !equalBytes(left.at(index), right.at(place - 1))) return false;
    count -= 1;
  }
  return count === 0;
}
