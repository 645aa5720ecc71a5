import { TlsError, type ConnectionInfo } from '@org/tls-core';
import { authenticationOf, connectionInfo13 } from '../handshake/connection-info.ts';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { receiveFinished13 } from '../handshake/proofs-13.ts';
import type { Handshake } from '../handshake/steps.ts';
import {
  makeKeys13,
  foreseenResumptionSecret,
  protectionOf,
  resumptionSecret,
  startEarlySecrets,
} from '../handshake/traffic-secrets.ts';
import type { Protection } from '../record/protection.ts';
import { serverName } from '../wire/extensions/server-name.ts';
import { HandshakeType, handshakeTypeName, type HandshakeMessage } from '../wire/handshake-message.ts';
import { decodeEndOfEarlyData } from '../wire/messages/end-of-early-data.ts';
import { noClientProof, receiveClientProof, type ClientProof } from './client-certificate.ts';
import type { ClientHello13 } from './client-hello-checks.ts';
import { choose13, negotiate13, type Chosen13 } from './negotiation-13.ts';
import { makeTickets } from './new-session-tickets.ts';
import type { ServerEch } from './server-ech.ts';
import { sendServerFlight, type ConnectionSecrets } from './server-flight-13.ts';
import type { ServerSettings } from './server-settings.ts';

/** The server's side of a TLS 1.3 handshake (RFC 8446 §2), from a checked ClientHello to the client's Finished. */
export function* serverHandshake13(
  io: HandshakeIo,
  settings: ServerSettings,
  first: ClientHello13,
  ech: ServerEch,
): Handshake<Established> {
  const negotiated = yield* negotiate13(io, settings, first, ech);
  const chosen = yield* choose13(io, settings, negotiated);
  const earlyProtection = startEarlySecrets13(io, chosen);
  const keys = yield* sendServerFlight(io, settings, chosen);
  if (earlyProtection !== undefined) yield* receiveEarlyData(io, settings, chosen, keys, earlyProtection);
  const client = yield* receiveClientFlight(io, settings, chosen, keys);
  const info = infoOf(settings, chosen, client);
  yield* sendTickets(io, settings, chosen, keys, info);
  const { schedule, secrets } = keys;
  return { info, keys: makeKeys13(io, schedule, 'server', secrets), receive: refuseMessage };
}

/**
 * The transcript ends with ClientHello.
 * @returns the protection of the client's early data; `undefined`: none is accepted
 */
function startEarlySecrets13(
  io: HandshakeIo,
  { hello, suite, psk, earlyDataReason }: Chosen13,
): Protection | undefined {
  if (earlyDataReason !== 'accepted' || psk === undefined) return undefined;
  return startEarlySecrets(io, io.transcript, suite, psk.psk, hello.random);
}

/**
 * Receives early data up to EndOfEarlyData (RFC 8446 §4.2.10, §4.5), which is then the transcript's last message.
 *
 * The rest of the client's flight is known already, so that its tickets need not wait for it (§4.6.1).
 */
function* receiveEarlyData(
  io: HandshakeIo,
  settings: ServerSettings,
  chosen: Chosen13,
  keys: ConnectionSecrets,
  protection: Protection,
): Handshake<void> {
  const { schedule, secrets, handshakeSecrets } = keys;
  io.openEarlyData(protection, chosen.psk?.session?.maxEarlyData ?? 0);
  if (chosen.tickets > 0 && settings.overrides.afterHandshake === undefined) {
    const secret = foreseenResumptionSecret(io, schedule, secrets, handshakeSecrets);
    const info = infoOf(settings, chosen, noClientProof);
    io.sendPostHandshake(yield* ticketsOf(io, settings, chosen, { schedule, secret, info }));
  }
  io.startHalfRtt();
  const { body } = yield* io.receive(HandshakeType.endOfEarlyData);
  decodeEndOfEarlyData(body);
  io.closeEarlyData();
}

/** Receives the client's certificate, if it was asked for one, and its Finished, behind which the client's application keys open. */
function* receiveClientFlight(
  io: HandshakeIo,
  settings: ServerSettings,
  { clientCertificateType }: Chosen13,
  { schedule, handshakeSecrets, secrets }: ConnectionSecrets,
): Handshake<ClientProof> {
  io.openWith(protectionOf(io, schedule, handshakeSecrets.client));
  const proof =
    clientCertificateType === undefined
      ? noClientProof
      : yield* receiveClientProof(io, settings, clientCertificateType);
  yield* receiveFinished13(io, schedule, handshakeSecrets.client);
  io.openWith(protectionOf(io, schedule, secrets.client));
  return proof;
}

/** Sends tickets, unless early data was accepted and they went out with it. The transcript ends with the client's Finished. */
function* sendTickets(
  io: HandshakeIo,
  settings: ServerSettings,
  chosen: Chosen13,
  { schedule, secrets }: ConnectionSecrets,
  info: ConnectionInfo,
): Handshake<void> {
  const { afterHandshake } = settings.overrides;
  if (afterHandshake !== undefined) {
    io.sendPostHandshake(afterHandshake);
    return;
  }
  if (chosen.tickets === 0 || chosen.earlyDataReason === 'accepted') return;
  const secret = resumptionSecret(io, schedule, secrets);
  io.sendPostHandshake(yield* ticketsOf(io, settings, chosen, { schedule, secret, info }));
}

/** @param made `secret` is resumption_secret (RFC 8446 §7.1) */
function* ticketsOf(
  io: HandshakeIo,
  settings: ServerSettings,
  { psk, serverCertificateType, alpnProtocol, tickets }: Chosen13,
  made: Pick<ConnectionSecrets, 'schedule'> & { readonly secret: Uint8Array; readonly info: ConnectionInfo },
): Handshake<readonly Uint8Array[]> {
  io.keep(made.secret);
  const basis = { serverCertificateType, alpnProtocol, resumed: psk?.session, external: psk?.external, ...made };
  return yield* makeTickets(io, settings, basis, tickets);
}

function infoOf(settings: ServerSettings, chosen: Chosen13, client: ClientProof): ConnectionInfo {
  const { hello, psk, identity, earlyDataReason } = chosen;
  return connectionInfo13(settings, {
    role: 'server',
    suite: chosen.suite,
    group: chosen.group,
    psk,
    isRetry: chosen.isRetry,
    alpnProtocol: chosen.alpnProtocol,
    serverName: hello.value(serverName),
    authentication:
      psk?.session === undefined
        ? {
            signatureScheme: identity?.scheme.name,
            clientSignatureScheme: client.signatureScheme,
            peer: client.peer,
            clientAuthentication: client.state,
            identityIndex: identity?.index,
          }
        : authenticationOf(psk.session),
    earlyData: hello.hasEarlyData ? (earlyDataReason === 'accepted' ? 'accepted' : 'rejected') : 'none',
    earlyDataReason,
    ech: chosen.ech.state,
  });
}

/** RFC 8446 §4.6: a client may send nothing but KeyUpdate. It stands outside of the handshake, whose variables would else live on. */
function refuseMessage({ type }: HandshakeMessage): never {
  throw new TlsError('ERR_TLS_UNEXPECTED_MESSAGE', `${handshakeTypeName(type)} after the handshake (§4.6)`);
}
