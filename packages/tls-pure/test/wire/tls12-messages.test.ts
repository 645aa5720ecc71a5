import { describe, expect, it } from 'vitest';
import { AlertDescription } from '@org/tls-core';
import { decodeEcPointFormats, uncompressedPointFormats } from '../../src/wire/extensions/ec-point-formats.ts';
import {
  decodeExtendedMasterSecret,
  extendedMasterSecretExtension,
} from '../../src/wire/extensions/extended-master-secret.ts';
import {
  decodeInitialRenegotiationInfo,
  initialRenegotiationInfo,
} from '../../src/wire/extensions/renegotiation-info.ts';
import {
  decodeSessionTicketAnnouncement,
  encodeSessionTicket,
  sessionTicketAnnouncement,
} from '../../src/wire/extensions/session-ticket.ts';
import {
  decodeStatusRequest,
  decodeStatusRequestAcknowledgement,
  ocspStatusRequest,
  statusRequestAcknowledgement,
} from '../../src/wire/extensions/status-request.ts';
import {
  ClientCertificateType,
  decodeCertificateRequest12,
  encodeCertificateRequest12,
} from '../../src/wire/messages/certificate-request-12.ts';
import { decodeCertificateStatus, encodeCertificateStatus } from '../../src/wire/messages/certificate-status.ts';
import { decodeCertificate12, encodeCertificate12 } from '../../src/wire/messages/certificate-12.ts';
import { decodeClientKeyExchange, encodeClientKeyExchange } from '../../src/wire/messages/client-key-exchange.ts';
import { decodeHelloRequest, encodeHelloRequest } from '../../src/wire/messages/hello-request.ts';
import { decodeNewSessionTicket12, encodeNewSessionTicket12 } from '../../src/wire/messages/new-session-ticket-12.ts';
import { decodeServerHelloDone, encodeServerHelloDone } from '../../src/wire/messages/server-hello-done.ts';
import {
  decodeServerKeyExchange,
  encodeServerEcdhParams,
  encodeServerKeyExchange,
  signedParams,
} from '../../src/wire/messages/server-key-exchange.ts';

const publicKey = Uint8Array.of(4, 1, 2, 3);
const params = encodeServerEcdhParams({ namedCurve: 0x17, publicKey });

/** A message's encoding, what it is made of, and how it is read; the bytes are written out from the RFCs. */
const messages = [
  {
    name: 'Certificate (RFC 5246 §7.4.2)',
    encoded: encodeCertificate12([Uint8Array.of(7), Uint8Array.of(8, 9)]),
    bytes: '0b00000c 000009 000001 07 000002 0809',
    decode: decodeCertificate12,
    value: [Uint8Array.of(7), Uint8Array.of(8, 9)],
  },
  {
    name: 'Certificate without any (RFC 5246 §7.4.6)',
    encoded: encodeCertificate12([]),
    bytes: '0b000003 000000',
    decode: decodeCertificate12,
    value: [],
  },
  {
    name: 'ServerKeyExchange (RFC 8422 §5.4)',
    encoded: encodeServerKeyExchange({ params, algorithm: 0x0403, signature: Uint8Array.of(5, 6) }),
    bytes: '0c00000e 03 0017 04 04010203 0403 0002 0506',
    decode: decodeServerKeyExchange,
    value: { namedCurve: 0x17, publicKey, params, algorithm: 0x0403, signature: Uint8Array.of(5, 6) },
  },
  {
    name: 'CertificateRequest (RFC 5246 §7.4.4)',
    encoded: encodeCertificateRequest12({
      certificateTypes: [ClientCertificateType.rsaSign, ClientCertificateType.ecdsaSign],
      supportedSignatureAlgorithms: [0x0403, 0x0804],
      certificateAuthorities: [Uint8Array.of(0x30, 0), Uint8Array.of(1)],
    }),
    bytes: '0d000012 02 0140 0004 0403 0804 0007 0002 3000 0001 01',
    decode: (body: Uint8Array) => {
      const { certificateAuthorities, ...rest } = decodeCertificateRequest12(body);
      return { ...rest, certificateAuthorities: [...certificateAuthorities] };
    },
    value: {
      certificateTypes: Uint8Array.of(1, 64),
      supportedSignatureAlgorithms: Uint16Array.of(0x0403, 0x0804),
      certificateAuthorities: [Uint8Array.of(0x30, 0), Uint8Array.of(1)],
    },
  },
  {
    name: 'ServerHelloDone (RFC 5246 §7.4.5)',
    encoded: encodeServerHelloDone(),
    bytes: '0e000000',
    decode: decodeServerHelloDone,
    value: undefined,
  },
  {
    name: 'HelloRequest (RFC 5246 §7.4.1.1)',
    encoded: encodeHelloRequest(),
    bytes: '00000000',
    decode: decodeHelloRequest,
    value: undefined,
  },
  {
    name: 'ClientKeyExchange (RFC 8422 §5.7)',
    encoded: encodeClientKeyExchange(publicKey),
    bytes: '10000005 04 04010203',
    decode: decodeClientKeyExchange,
    value: publicKey,
  },
  {
    name: 'NewSessionTicket (RFC 5077 §3.3)',
    encoded: encodeNewSessionTicket12({ ticketLifetimeHintSeconds: 0x89abcdef, ticket: Uint8Array.of(1, 2) }),
    bytes: '04000008 89abcdef 0002 0102',
    decode: decodeNewSessionTicket12,
    value: { ticketLifetimeHintSeconds: 0x89abcdef, ticket: Uint8Array.of(1, 2) },
  },
  {
    name: 'NewSessionTicket without one (RFC 5077 §3.3)',
    encoded: encodeNewSessionTicket12({ ticketLifetimeHintSeconds: 0, ticket: new Uint8Array(0) }),
    bytes: '04000006 00000000 0000',
    decode: decodeNewSessionTicket12,
    value: { ticketLifetimeHintSeconds: 0, ticket: new Uint8Array(0) },
  },
  {
    name: 'CertificateStatus (RFC 6066 §8)',
    encoded: encodeCertificateStatus(Uint8Array.of(0x30, 0)),
    bytes: '16000006 01 000002 3000',
    decode: decodeCertificateStatus,
    value: Uint8Array.of(0x30, 0),
  },
];

describe.each(messages)('$name', ({ encoded, bytes, decode, value }) => {
  it('refuses every truncation, and a byte too many', () => {
    const body = encoded.subarray(4);
    for (let length = 0; length < body.length; length += 1) expectDecodeError(() => decode(body.subarray(0, length)));
    expectDecodeError(() => decode(Uint8Array.of(...body, 0)));
  });

  it('is encoded as the RFC has it, and decoded back', () => {
    expect(Buffer.from(encoded).toString('hex')).toBe(bytes.replaceAll(' ', ''));
    expect(decode(encoded.subarray(4))).toEqual(value);
  });
});

describe('a TLS 1.2 message decoder refuses', () => {
  it.each([
    ['an empty certificate (RFC 5246 §7.4.2)', decodeCertificate12, '000003 000000'],
    ['an empty point in a ServerKeyExchange (RFC 8422 §5.4)', decodeServerKeyExchange, '03 0017 00 0403 0000'],
    ['an empty point in a ClientKeyExchange (RFC 8422 §5.7)', decodeClientKeyExchange, '00'],
    ['no certificate types (RFC 5246 §7.4.4)', decodeCertificateRequest12, '00 0002 0403 0000'],
    ['no signature algorithms (RFC 5246 §7.4.4)', decodeCertificateRequest12, '01 01 0000 0000'],
    ['half a signature algorithm (RFC 5246 §7.4.4)', decodeCertificateRequest12, '01 01 0003 040308 0000'],
    ['an empty authority (RFC 5246 §7.4.4)', decodeCertificateRequest12, '01 01 0002 0403 0002 0000'],
    ['an empty OCSP response (RFC 6066 §8)', decodeCertificateStatus, '01 000000'],
  ])('%s', (_, decode, body) => {
    expectDecodeError(() => decode(fromHex(body)));
  });

  it.each([
    ['an explicit curve (RFC 8422 §5.4)', decodeServerKeyExchange, '01 0017 04 04010203 0403 0000'],
    ['a status that is not OCSP (RFC 6066 §8)', decodeCertificateStatus, '02 000002 3000'],
  ])('%s', (_, decode, body) => {
    expect(() => decode(fromHex(body))).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.illegalParameter }),
    );
  });
});

it('RFC 8422 §5.4 signs client_random, server_random and params', () => {
  const randoms = { client: new Uint8Array(32).fill(1), server: new Uint8Array(32).fill(2) };
  expect([...signedParams(randoms, params)]).toEqual([...randoms.client, ...randoms.server, ...params]);
});

describe('the extensions of TLS 1.2', () => {
  it.each([
    ['extended_master_secret (RFC 7627 §5.1)', extendedMasterSecretExtension, 23, '', decodeExtendedMasterSecret],
    ['renegotiation_info (RFC 5746 §3.2)', initialRenegotiationInfo, 0xff01, '00', decodeInitialRenegotiationInfo],
    ['ec_point_formats (RFC 8422 §5.1.2)', uncompressedPointFormats, 11, '0100', decodeEcPointFormats],
    ['session_ticket of a server (RFC 5077 §3.2)', sessionTicketAnnouncement, 35, '', decodeSessionTicketAnnouncement],
    ['status_request of a client (RFC 6066 §8)', ocspStatusRequest, 5, '0100000000', decodeStatusRequest],
    ['status_request of a server', statusRequestAcknowledgement, 5, '', decodeStatusRequestAcknowledgement],
  ])('%s is as the RFC has it, whole and alone', (_, extension, type, body, decode) => {
    expect(extension.type).toBe(type);
    expect(Buffer.from(extension.body).toString('hex')).toBe(body);
    decode(extension.body);
    expectDecodeError(() => decode(Uint8Array.of(...extension.body, 0)));
    for (let length = 0; length < extension.body.length; length += 1) {
      expectDecodeError(() => decode(extension.body.subarray(0, length)));
    }
  });

  it('RFC 5077 §3.2 a client’s ticket has no length before it', () => {
    expect(encodeSessionTicket(Uint8Array.of(1, 2))).toEqual({ type: 35, body: Uint8Array.of(1, 2) });
  });

  it('RFC 5746 §3.4 renegotiated_connection that is not empty aborts with handshake_failure', () => {
    expect(() => decodeInitialRenegotiationInfo(Uint8Array.of(1, 7))).toThrow(
      expect.objectContaining({ code: 'ERR_TLS_ILLEGAL_PARAMETER', alert: AlertDescription.handshakeFailure }),
    );
  });

  it('RFC 8422 §5.1.2 point formats without the uncompressed one abort with illegal_parameter', () => {
    expect(() => decodeEcPointFormats(Uint8Array.of(2, 1, 2))).toThrow(
      expect.objectContaining({ alert: AlertDescription.illegalParameter }),
    );
    expectDecodeError(() => decodeEcPointFormats(Uint8Array.of(0)));
    decodeEcPointFormats(Uint8Array.of(3, 1, 2, 0));
  });

  it('RFC 6066 §8 a status_request may name responders and extensions, or ask for what nobody knows', () => {
    expect(decodeStatusRequest(fromHex('01 0005 0003 010203 0002 3000'))).toBe(true);
    expect(decodeStatusRequest(fromHex('02 0005'))).toBe(false);
    expectDecodeError(() => decodeStatusRequest(fromHex('01 0002 0000 0000')));
    expectDecodeError(() => decodeStatusRequest(new Uint8Array(0)));
  });
});

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

function expectDecodeError(act: () => unknown): void {
  expect(act).toThrow(expect.objectContaining({ code: 'ERR_TLS_DECODE', alert: AlertDescription.decodeError }));
}
