import { equalBytes } from '@org/tls-core/backend';
import type { CipherSuite13 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import { refuseUnsolicited } from '../wire/extension.ts';
import { alpn } from '../wire/extensions/alpn.ts';
import { earlyData } from '../wire/extensions/early-data.ts';
import { HandshakeType } from '../wire/handshake-message.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { decodeEncryptedExtensions } from '../wire/messages/encrypted-extensions.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import type { OfferedPsk } from './offered-psk.ts';
import { readAnswers, type ServerAnswers } from './server-answers.ts';

/** Receives EncryptedExtensions, and checks each against what was offered (RFC 8446 §4.3.1). */
export function* readEncryptedExtensions(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  psk: OfferedPsk | undefined,
  suite: CipherSuite13,
): Handshake<ServerAnswers> {
  const { body } = yield* io.receive(HandshakeType.encryptedExtensions);
  const extensions = decodeEncryptedExtensions(body);
  refuseUnsolicited(extensions, hello.offered, 'EncryptedExtensions');
  const answers = readAnswers(io, settings, hello, extensions, 'TLSv1.3');
  if (answers.value(earlyData) === true) checkEarlyData(hello, psk, suite, answers.value(alpn));
  return answers;
}

/** RFC 8446 §4.2.10: early data goes with the first PSK and with the protocol of its session. */
function checkEarlyData(
  { psks }: ClientHelloState,
  psk: OfferedPsk | undefined,
  suite: CipherSuite13,
  alpnProtocol: Uint8Array | undefined,
): void {
  const wanted = psk?.session?.alpnProtocol;
  const isSame =
    wanted === undefined || alpnProtocol === undefined ? wanted === alpnProtocol : equalBytes(wanted, alpnProtocol);
  if (psk !== undefined && psk === psks[0] && psk.session?.cipherSuite === suite.id && isSame) return;
  throw illegalParameter(
    'EncryptedExtensions: early_data was accepted without the session, or with another suite or protocol than the session’s (§4.2.10)',
  );
}
