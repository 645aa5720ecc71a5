import type { CertificateType } from '@org/tls-core';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { currentOcspResponse } from '../handshake/own-certificate.ts';
import { randomBytes } from '../handshake/settings.ts';
import type { Handshake } from '../handshake/steps.ts';
import { sessionTicket } from '../wire/extensions/session-ticket.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { chooseAlpn, chooseClientCertificateType } from './choices.ts';
import type { ServerSettings } from './server-settings.ts';
import { chooseFull, type FullChoice } from './choices-12.ts';
import type { ClientHelloMessage } from './client-hello-message.ts';

/** What the server has chosen to answer in a full handshake. */
export interface Chosen12 extends FullChoice {
  readonly hello: ClientHelloMessage;
  readonly alpnProtocol: Uint8Array | undefined;
  /** `undefined`: the client is not asked for a certificate. */
  readonly clientCertificateType: CertificateType | undefined;
  readonly givesTicket: boolean;
  /** The id by which the store keeps the session; empty: it does not. */
  readonly sessionId: Uint8Array;
  /** The staple that goes with the certificate; `undefined`: the client does not want it, or there is none. */
  readonly ocspResponse: Uint8Array | undefined;
}

/** Whether the client gets a ticket (RFC 5077 §3.2). */
export function givesTicket12({ config }: ServerSettings, hello: ClientHelloMessage): boolean {
  return hello.has(sessionTicket) && config.tickets > 0;
}

/**
 * Chooses what the ServerHello, Certificate and ServerKeyExchange of a full handshake say; nothing is sent yet.
 * @throws TlsError `ERR_TLS_NO_COMMON_PARAMETERS` and others when nothing that the client offers fits
 */
export function* choose12(io: HandshakeIo, settings: ServerSettings, hello: ClientHelloMessage): Handshake<Chosen12> {
  const choice = yield* chooseFull(settings, hello);
  const { identity } = choice.identity;
  const alpnProtocol = chooseAlpn(settings, hello);
  const asksForCertificate = settings.config.clientAuthentication !== 'none';
  const clientCertificateType = asksForCertificate ? chooseClientCertificateType(settings, hello) : undefined;
  const givesTicket = givesTicket12(settings, hello);
  const keepsSession = !givesTicket && settings.config.sessionStore !== undefined;
  const sessionId = keepsSession ? randomBytes(settings, 32) : new Uint8Array(0);
  const wantsStaple = hello.value(statusRequest) === true && identity.certificateType === 'X509';
  const ocspResponse = wantsStaple ? yield* currentOcspResponse(io, identity) : undefined;
  return { hello, alpnProtocol, clientCertificateType, givesTicket, sessionId, ocspResponse, ...choice };
}
