import { TlsError, type ConnectionInfo, type MaybePromise } from '@org/tls-core';
import type { CipherSuite13 } from '@org/tls-crypto';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { Handshake } from '../handshake/steps.ts';
import type { Transcript } from '../schedule/transcript.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ClientHelloChoices, ClientHelloState } from './make-client-hello.ts';
import type { ServerHelloMessage } from './server-hello.ts';

/**
 * What a client offers: one ClientHello, or one that hides another (RFC 9849 §6.1). The handshake is the same for both; it sends `sent`, and
 * asks here which ClientHello the server has answered.
 */
export interface HelloOffer {
  /** The ClientHello that is sent, and that everybody sees. */
  readonly sent: ClientHelloState;
  /** The ClientHello that the server is meant to answer: early data goes under its keys. */
  readonly meant: TranscribedHello;
  /**
   * Takes a HelloRetryRequest into its transcripts.
   * @returns the ClientHello that it answers
   */
  takeRetryRequest(suite: CipherSuite13, request: ServerHelloMessage): ClientHelloState;
  /**
   * Makes the second ClientHello, which is then `sent`.
   * @param changes what a HelloRetryRequest changes
   */
  retry(changes: Partial<ClientHelloChoices>): MaybePromise<void>;
  /**
   * Finds out which ClientHello a ServerHello of TLS 1.3 answers.
   * @param serverHello the whole message; not yet part of a transcript
   */
  answeredBy(suite: CipherSuite13, serverHello: Uint8Array): AnsweredHello;
  /** The ClientHello that a server answers which speaks TLS 1.2. */
  answeredInTls12(): AnsweredHello;
}

/** Makes an offer that hides another. @param choices of the ClientHello that is meant */
export type StartOffer = (
  io: HandshakeIo,
  settings: ClientSettings,
  choices: ClientHelloChoices,
) => Handshake<HelloOffer>;

/** A ClientHello, and the transcript that ends with it. */
export interface TranscribedHello {
  readonly hello: ClientHelloState;
  readonly transcript: Transcript;
}

/** The ClientHello that a server has answered. */
export interface AnsweredHello extends TranscribedHello {
  /** By which the handshake goes on. */
  readonly settings: ClientSettings;
  readonly ech: EchState;
}

/** What became of Encrypted Client Hello; `rejected`: the server has answered another ClientHello than the one that was meant. */
export type EchState = ConnectionInfo['ech'] | 'rejected';

/**
 * Ends a connection to a server that has only authenticated the rejection of Encrypted Client Hello (RFC 9849 §6.1.6).
 * @param retryConfigs an ECHConfigList
 * @throws TlsError `ERR_TLS_ECH_REJECTED`
 */
export function refuseRejected(ech: EchState, retryConfigs: Uint8Array | undefined): ConnectionInfo['ech'] {
  if (ech !== 'rejected') return ech;
  throw new TlsError(
    'ERR_TLS_ECH_REJECTED',
    'the server could not open the Encrypted Client Hello',
    retryConfigs === undefined ? {} : { retryConfigs },
  );
}
