import { clientCertificateType } from '../wire/extensions/certificate-types.ts';
import { keyFitsScheme12, type SignatureScheme } from '@org/tls-crypto';
import type { ChosenIdentity } from '../handshake/choose-identity.ts';
import type { HandshakeIo } from '../handshake/handshake-io.ts';
import type { LoadedIdentity } from '../handshake/identity.ts';
import { runHook, settle, type Handshake } from '../handshake/steps.ts';
import { makeKeys12, type Keys12 } from '../handshake/keys-12.ts';
import type { HandshakeMessage } from '../wire/handshake-message.ts';
import { encodeCertificateVerify } from '../wire/messages/certificate-verify.ts';
import { ClientCertificateType, decodeCertificateRequest12 } from '../wire/messages/certificate-request-12.ts';
import { encodeCertificate12 } from '../wire/messages/certificate-12.ts';
import { encodeClientKeyExchange } from '../wire/messages/client-key-exchange.ts';
import { chooseClientIdentity, notRequested, type ClientAuthentication } from './client-authentication.ts';
import type { ClientSettings } from './client-settings.ts';
import type { Answered12, ServerFlight12 } from './server-flight-12.ts';

/** What the client has sent before its ChangeCipherSpec has led to. */
export interface ClientFlight12 {
  readonly keys: Keys12;
  readonly client: ClientAuthentication;
}

/** Sends Certificate and CertificateVerify, where the server asks for them, and ClientKeyExchange (RFC 5246 §7.4.6 to §7.4.8). */
export function* sendClientFlight12(
  io: HandshakeIo,
  settings: ClientSettings,
  answered: Answered12,
  server: ServerFlight12,
): Handshake<ClientFlight12> {
  const { certificateRequest } = server;
  const chosen =
    certificateRequest === undefined ? undefined : yield* chooseIdentity12(settings, certificateRequest, answered);
  if (certificateRequest !== undefined)
    io.send(encodeCertificate12(chosen?.identity.entries ?? [], answered.choices.answers.value(clientCertificateType)));
  const keys = yield* sendClientKeyExchange(io, settings, answered, server);
  if (chosen !== undefined) yield* sendCertificateVerify(io, chosen);
  io.transcript.takeMessages();
  return { keys, client: certificateRequest === undefined ? notRequested : authenticationBy(chosen) };
}

/** Behind it the transcript ends with ClientKeyExchange, to which the keys are bound (RFC 7627 §4). */
function* sendClientKeyExchange(
  io: HandshakeIo,
  settings: ClientSettings,
  { choices, randoms }: Answered12,
  { group, keyExchange }: ServerFlight12,
): Handshake<Keys12> {
  const keyShare = settings.generateKeyShare(group);
  const preMainSecret = yield* settle(keyShare.deriveSharedSecret(keyExchange));
  io.send(encodeClientKeyExchange(keyShare.publicKey));
  return makeKeys12(io, choices.suite, randoms, preMainSecret, choices.isExtended);
}

function* sendCertificateVerify(io: HandshakeIo, { identity, scheme }: ChosenIdentity): Handshake<void> {
  const messages = io.transcript.takeMessages();
  const signature = yield* runHook('signer.sign', () => identity.sign(scheme.name, messages));
  io.send(encodeCertificateVerify({ algorithm: scheme.id, signature }));
}

function* chooseIdentity12(
  settings: ClientSettings,
  { body }: HandshakeMessage,
  { choices }: Answered12,
): Handshake<ChosenIdentity | undefined> {
  const { certificateTypes, supportedSignatureAlgorithms, certificateAuthorities } = decodeCertificateRequest12(body);
  const accepts = (scheme: SignatureScheme, { publicKey }: LoadedIdentity): boolean => {
    const wanted =
      scheme.keyType === 'rsa' || scheme.keyType === 'rsa-pss'
        ? ClientCertificateType.rsaSign
        : ClientCertificateType.ecdsaSign;
    return (
      keyFitsScheme12(publicKey, scheme) &&
      certificateTypes.includes(wanted) &&
      supportedSignatureAlgorithms.includes(scheme.id)
    );
  };
  const request = { signatureAlgorithms: supportedSignatureAlgorithms, certificateAuthorities };
  return yield* chooseClientIdentity(settings, request, choices.answers.value(clientCertificateType), accepts);
}

function authenticationBy(chosen: ChosenIdentity | undefined): ClientAuthentication {
  if (chosen === undefined) return { ...notRequested, state: 'requested' };
  return { state: 'provided', signatureScheme: chosen.scheme.name, identityIndex: chosen.index };
}
