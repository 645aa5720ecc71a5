import type { CertificateType, EarlyDataReason } from '@org/tls-core';
import { keyFitsScheme, type CipherSuite13, type NamedGroup } from '@org/tls-crypto';
import type { ChosenIdentity } from '../handshake/choose-identity.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { verifyResumedPeer } from '../handshake/peer-verification.ts';
import type { Handshake } from '../handshake/steps.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { applyOffers } from './apply-offers.ts';
import {
  chooseAlpn,
  chooseCipherSuite,
  chooseClientCertificateType,
  chooseGroup,
  chooseServerIdentity,
} from './choices.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { isTooMuchToHold, judgeEarlyData } from './early-data.ts';
import { ticketCount } from './new-session-tickets.ts';
import { requestRetry } from './retry.ts';
import { selectPsk, type SelectedPsk } from './selected-psk.ts';
import type { ServerEch } from './server-ech.ts';
import type { ServerSettings } from './server-settings.ts';

/** What the client's hellos have led to. */
export interface Negotiated13 {
  /** The ClientHello that counts: the second one behind a HelloRetryRequest. */
  readonly hello: ClientHello13;
  readonly ech: ServerEch;
  readonly isRetry: boolean;
  readonly group: NamedGroup;
  readonly suite: CipherSuite13;
  /** `undefined`: the server proves itself by its certificate. */
  readonly psk: SelectedPsk | undefined;
}

/** What the server has chosen to answer. */
export interface Chosen13 extends Negotiated13 {
  readonly alpnProtocol: Uint8Array | undefined;
  /** `undefined`: a PSK stands in its place. */
  readonly identity: ChosenIdentity | undefined;
  readonly serverCertificateType: CertificateType;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
  /** `accepted`: the client's early data is taken. */
  readonly earlyDataReason: EarlyDataReason;
  /** How many tickets the client gets. */
  readonly tickets: number;
}

/**
 * Settles group, PSK and cipher suite, by a HelloRetryRequest where the client sent no share of the group.
 *
 * Before, the transcript is empty; behind, it ends with the ClientHello that counts, whose PSK binder is checked.
 */
export function* negotiate13(
  io: HandshakeIo,
  settings: ServerSettings,
  first: ClientHello13,
  ech: ServerEch,
): Handshake<Negotiated13> {
  const { group, needsRetry: isRetry } = chooseGroup(settings, first);
  if (first.hasEarlyData) io.skipEarlyData(skipLimit(settings));
  const retrySuite = isRetry ? chooseCipherSuite(settings, first) : undefined;
  const hello =
    retrySuite === undefined ? first : yield* requestRetry(io, settings, { first, suite: retrySuite, group }, ech);
  const psk = yield* selectPsk(io, settings, hello, retrySuite);
  const suite = psk?.suite ?? retrySuite ?? chooseCipherSuite(settings, hello);
  io.transcript.begin(suite.hash);
  io.transcript.add(hello.raw);
  applyOffers(io, settings, hello, 'TLSv1.3');
  return { hello, ech, isRetry, group, suite, psk };
}

/** Chooses what the ServerHello, EncryptedExtensions and Certificate say; nothing is sent yet. */
export function* choose13(io: HandshakeIo, settings: ServerSettings, negotiated: Negotiated13): Handshake<Chosen13> {
  const { hello, psk } = negotiated;
  const alpnProtocol = chooseAlpn(settings, hello);
  const identity = psk === undefined ? yield* chooseIdentity13(settings, hello) : undefined;
  // §4.3.2: no certificate is asked for where a PSK is used
  const asksForCertificate = settings.config.clientAuthentication !== 'none' && psk === undefined;
  const clientCertificateType = asksForCertificate ? chooseClientCertificateType(settings, hello) : undefined;
  yield* verifyResumedPeer(settings.trust, 'client', undefined, psk?.session?.peer);
  return {
    alpnProtocol,
    identity,
    serverCertificateType: identity?.identity.certificateType ?? psk?.session?.serverCertificateType ?? 'X509',
    clientCertificateType,
    earlyDataReason: yield* earlyDataReasonOf(io, settings, negotiated, alpnProtocol),
    tickets: ticketCount(settings, hello, psk?.session !== undefined),
    ...negotiated,
  };
}

/** Bytes of rejected early data that are skipped even if none was ever allowed (RFC 8446 §4.2.10). */
const minSkippedEarlyData = 2 ** 14;

/** All the early data that was allowed may come and now be rejected, each record with its overhead. */
function skipLimit({ config }: ServerSettings): number {
  return Math.max(minSkippedEarlyData, config.maxEarlyData + 2 ** 10);
}

function* chooseIdentity13(settings: ServerSettings, hello: ClientHello13): Handshake<ChosenIdentity> {
  const schemes = hello.need(signatureAlgorithms);
  return yield* chooseServerIdentity(
    settings,
    hello,
    (scheme, { publicKey }) => scheme.tls13 && schemes.includes(scheme.id) && keyFitsScheme(publicKey, scheme),
  );
}

function* earlyDataReasonOf(
  io: HandshakeIo,
  settings: ServerSettings,
  { hello, psk, isRetry }: Negotiated13,
  alpnProtocol: Uint8Array | undefined,
): Handshake<EarlyDataReason> {
  if (hello.hasEarlyData && psk !== undefined && isTooMuchToHold(psk, io.handsOnEarlyData)) return 'disabled';
  return yield* judgeEarlyData(io, settings, { hello, psk, alpnProtocol, isRetry });
}
