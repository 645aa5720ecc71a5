import { TlsError } from '@org/tls-core';
import { equalBytes } from '@org/tls-core/backend';
import type { CipherSuite12 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { SessionState } from '../session/session-state.ts';
import { refuseUnsolicited } from '../wire/extension.ts';
import { extendedMasterSecret } from '../wire/extensions/extended-master-secret.ts';
import { illegalParameter } from '../wire/illegal-parameter.ts';
import { standingIn } from '../wire/known-extensions.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloState } from './make-client-hello.ts';
import { readAnswers, type ServerAnswers } from './server-answers.ts';
import type { ServerHelloMessage } from './server-hello.ts';

/** What the server chose in a ServerHello of TLS 1.2. */
export interface ServerChoices12 {
  readonly suite: CipherSuite12;
  /** The session that is resumed. */
  readonly resumed: SessionState | undefined;
  /** RFC 7627. */
  readonly isExtended: boolean;
  /** To the extensions of the ClientHello. */
  readonly answers: ServerAnswers;
}

/** What may stand in a ServerHello of TLS 1.2; of what we offer the rest belongs to TLS 1.3. */
const answerable: ReadonlySet<number> = new Set(standingIn('tls12', 'ServerHello').map(({ type }) => type));

/** Checks a ServerHello of TLS 1.2 against what was offered. */
export function checkServerHello12(
  io: HandshakeIo,
  settings: ClientSettings,
  hello: ClientHelloState,
  serverHello: ServerHelloMessage,
): ServerChoices12 {
  io.refuseEarlierChangeCipherSpec();
  const suite = settings.cipherSuites12.find(({ id }) => id === serverHello.cipherSuite);
  if (suite === undefined)
    throw illegalParameter(`ServerHello: cipher suite 0x${serverHello.cipherSuite.toString(16)} was not offered`);
  const { extensions } = serverHello;
  refuseUnsolicited(extensions, hello.offered, 'ServerHello', answerable);
  const answers = readAnswers(io, settings, hello, extensions, 'TLSv1.2');
  const isExtended = answers.value(extendedMasterSecret) === true;
  return { suite, resumed: resumedSession(hello, serverHello, isExtended), isExtended, answers };
}

/** RFC 5246 §7.4.1.3, RFC 5077 §3.4: the server resumes when it echoes the session id. */
function resumedSession(
  { session, legacySessionId }: ClientHelloState,
  { legacySessionIdEcho: echo, cipherSuite }: ServerHelloMessage,
  isExtended: boolean,
): SessionState | undefined {
  if (echo.length === 0 || !equalBytes(echo, legacySessionId)) return undefined;
  // RFC 8446 §D.4: the id of a client without a session stands for nothing
  if (session?.protocol !== 'TLSv1.2') throw illegalParameter('ServerHello: it resumes a session that was not offered');
  if (session.cipherSuite !== cipherSuite)
    throw illegalParameter('ServerHello: another cipher suite than the session’s');
  if (session.extendedMainSecret !== isExtended) {
    const message = 'ServerHello: extended_master_secret is not as in the session that is resumed (RFC 7627 §5.3)';
    throw new TlsError('ERR_TLS_ILLEGAL_PARAMETER', message, { section: 'RFC 7627 §5.3' });
  }
  return session;
}
