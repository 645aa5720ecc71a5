import { TlsError, type CertificateRequestInfo, type CertificateType, type ConnectionInfo } from '@org/tls-core';
import { describedNumbers, ByteStringList } from '@org/tls-core/backend';
import { chooseFromHook, chooseIdentity, type ChosenIdentity } from '../handshake/choose-identity.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import { sendAuthentication } from '../handshake/own-certificate.ts';
import { runHook, type Handshake } from '../handshake/steps.ts';
import { keyFitsScheme, type SignatureScheme } from '@org/tls-crypto';
import type { Extensions } from '../wire/extension.ts';
import { certificateAuthorities } from '../wire/extensions/certificate-authorities.ts';
import { clientCertificateType } from '../wire/extensions/certificate-types.ts';
import { compressCertificate } from '../wire/extensions/compress-certificate.ts';
import { signatureAlgorithms } from '../wire/extensions/signature-algorithms.ts';
import { signedCertificateTimestamp } from '../wire/extensions/signed-certificate-timestamp.ts';
import { statusRequest } from '../wire/extensions/status-request.ts';
import { decodeCertificateRequest13, type CertificateRequest13 } from '../wire/messages/certificate-request-13.ts';
import { encodeCertificate13 } from '../wire/messages/certificate-13.ts';
import type { LoadedIdentity } from '../handshake/identity.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ServerAnswers } from './server-answers.ts';

/** How the client proved itself. */
export interface ClientAuthentication {
  readonly state: ConnectionInfo['clientAuthentication'];
  readonly signatureScheme: string | undefined;
  readonly identityIndex: number | undefined;
}

export const notRequested: ClientAuthentication = {
  state: 'none',
  signatureScheme: undefined,
  identityIndex: undefined,
};

/** @throws TlsError `ERR_TLS_ILLEGAL_PARAMETER` when its context is not empty, as it is in a handshake (RFC 8446 §4.3.2) */
export function checkCertificateRequest(body: Uint8Array): CertificateRequest13 {
  const request = decodeCertificateRequest13(body);
  if (request.certificateRequestContext.length === 0) return request;
  throw new TlsError(
    'ERR_TLS_ILLEGAL_PARAMETER',
    'CertificateRequest: its context is not empty in the handshake (§4.3.2)',
  );
}

/**
 * Answers a CertificateRequest of TLS 1.3 with Certificate and CertificateVerify, or with an empty Certificate (RFC 8446 §4.4.2).
 * @param certificateRequest `undefined`: there was none
 */
export function* sendClientAuthentication(
  io: HandshakeIo,
  settings: ClientSettings,
  certificateRequest: CertificateRequest13 | undefined,
  answers: ServerAnswers,
): Handshake<ClientAuthentication> {
  if (certificateRequest === undefined) return notRequested;
  const { certificateRequestContext, extensions } = certificateRequest;
  const request = readRequest(extensions);
  const accepts = (scheme: SignatureScheme, { publicKey }: LoadedIdentity): boolean =>
    scheme.tls13 && request.signatureAlgorithms.includes(scheme.id) && keyFitsScheme(publicKey, scheme);
  const chosen = yield* chooseClientIdentity(settings, request, answers.value(clientCertificateType), accepts);
  if (chosen === undefined) {
    io.send(encodeCertificate13(certificateRequestContext, []));
    return { ...notRequested, state: 'requested' };
  }
  const wishes = {
    requestContext: certificateRequestContext,
    ocspResponse: extensions.has(statusRequest.type),
    certificateTimestamps: extensions.has(signedCertificateTimestamp.type),
    compressionAlgorithms:
      extensions.decode(compressCertificate.type, compressCertificate.readOffer) ?? new Uint16Array(0),
  };
  yield* sendAuthentication(io, 'client', chosen, wishes, settings.config.certificateCompressors);
  return { state: 'provided', signatureScheme: chosen.scheme.name, identityIndex: chosen.index };
}

/** What a CertificateRequest of either version asks for; decoded no further than a handshake needs. */
export interface RequestedProof {
  readonly signatureAlgorithms: Uint16Array;
  /** An empty list means that any authority will do. */
  readonly certificateAuthorities: ByteStringList;
}

function readRequest(extensions: Extensions): RequestedProof {
  const schemes = extensions.decode(signatureAlgorithms.type, signatureAlgorithms.readOffer);
  if (schemes === undefined)
    throw new TlsError('ERR_TLS_MISSING_EXTENSION', 'CertificateRequest: no signature_algorithms (§4.3.2)');
  return {
    signatureAlgorithms: schemes,
    certificateAuthorities:
      extensions.decode(certificateAuthorities.type, certificateAuthorities.readOffer) ?? ByteStringList.empty,
  };
}

/**
 * Makes what the hook is told. It is made only when there is a hook.
 * @throws TlsError `ERR_TLS_LIMIT` on more than 1024 schemes or authorities
 */
function requestInfo({ signatureAlgorithms, certificateAuthorities }: RequestedProof): CertificateRequestInfo {
  return Object.freeze({
    signatureSchemes: describedNumbers('signature_algorithms', signatureAlgorithms),
    certificateAuthorities: Object.freeze(certificateAuthorities.describe()),
  });
}

/** Takes the identity that the hook chooses; without a hook, the first of the configuration's that the server accepts. */
export function* chooseClientIdentity(
  settings: ClientSettings,
  request: RequestedProof,
  certificateType: CertificateType,
  accepts: (scheme: SignatureScheme, identity: LoadedIdentity) => boolean,
): Handshake<ChosenIdentity | undefined> {
  const { selectIdentity } = settings;
  const wishes = {
    certificateTypes: [certificateType],
    certificateAuthorities: request.certificateAuthorities,
    accepts,
  };
  if (selectIdentity === undefined) return yield* chooseIdentity(settings.identities, wishes);
  const info = requestInfo(request);
  const selected = yield* runHook('selectIdentity', () => selectIdentity(info));
  if (selected === undefined) return undefined;
  const chosen = yield* chooseFromHook(selected.map(settings.loadIdentity), wishes);
  if (chosen !== undefined) return chosen;
  throw new TlsError(
    'ERR_TLS_NO_COMMON_PARAMETERS',
    'no identity that `selectIdentity` chose has a signature scheme that the server accepts',
  );
}
