import { TlsError, type ClientEngineOptions } from '@org/tls-core';
import type { Established } from '../handshake/established.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { ofThisMoment } from '../handshake/settings.ts';
import type { Handshake } from '../handshake/steps.ts';
import { WireVersion } from '../wire/extensions/supported-versions.ts';
import { clientHandshake12 } from './client-handshake-12.ts';
import { clientHandshake13 } from './client-handshake-13.ts';
import type { ClientSettings } from './client-settings.ts';
import { sendFirstHello } from './first-hello.ts';
import { refuseRejected, type HelloOffer, type StartOffer } from './hello-offer.ts';
import { sendSecondHello } from './second-hello.ts';
import { receiveSecondServerHello, receiveServerHello, type ServerHelloMessage } from './server-hello.ts';
import { checkServerHello13, suiteOf } from './server-hello-13.ts';

/**
 * The client's side of a handshake, from ClientHello to Finished, in the version that the server chooses.
 * @param startEncrypted starts an offer of Encrypted Client Hello; `undefined`: none is made
 */
export function* clientHandshake(
  io: HandshakeIo,
  shared: ClientSettings,
  options: ClientEngineOptions,
  startEncrypted: StartOffer | undefined,
): Handshake<Established> {
  const settings = ofThisMoment(shared);
  const offer = yield* sendFirstHello(io, settings, options, startEncrypted);
  const { offersEarlyData } = offer.sent;
  const first = yield* receiveServerHello(io, settings, offer.sent);
  if (first.version === WireVersion.tls12) return yield* continueInTls12(io, offer, first);

  const suite = suiteOf(settings, first);
  const isRetry = first.isHelloRetryRequest;
  if (isRetry) yield* sendSecondHello(io, settings, offer, first, suite);
  const serverHello = isRetry ? yield* receiveSecondServerHello(io, offer.sent) : first;

  const answered = offer.answeredBy(suite, serverHello.raw);
  checkServerHello13(answered.hello, serverHello, isRetry ? suite : undefined);
  io.transcript = answered.transcript;
  io.transcript.begin(suite.hash);
  io.transcript.add(serverHello.raw);
  const { hello, ech } = answered;
  return yield* clientHandshake13(io, answered.settings, { hello, serverHello, suite, isRetry, offersEarlyData, ech });
}

/** RFC 8446 §C.3: a server that speaks no TLS 1.3 drops early data, and cannot have taken any. */
function* continueInTls12(io: HandshakeIo, offer: HelloOffer, serverHello: ServerHelloMessage): Handshake<Established> {
  if (offer.sent.offersEarlyData)
    throw new TlsError('ERR_TLS_PROTOCOL_VERSION', 'the server chose TLS 1.2 for a client that sent early data');
  const { hello, settings, ech } = offer.answeredInTls12();
  const established = yield* clientHandshake12(io, settings, hello, serverHello);
  refuseRejected(ech, undefined);
  return established;
}
