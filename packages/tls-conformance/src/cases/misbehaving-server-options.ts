import type { CertificateCompressor } from '@org/tls-core';
import { certificatesInPem } from '@org/tls-core/backend';
import { ExtensionType } from '@org/tls-pure/misbehaving';
import type { ConformanceCase } from '../conformance-case.ts';
import { byName, first, inner, listOf, second } from '../ech-fixtures.ts';
import { signBy, spkiOf } from '../fixture-keys.ts';
import { certificates } from '../fixtures.ts';
import { join } from '../memory-pair.ts';
import { also, editBody, editExtensions, editMessage, patch, patched, randomAt, without } from '../message-edits.ts';
import { misbehaviourCases, type Misbehaviour } from '../misbehaviour.ts';
import { refusals } from '../refusals.ts';
import { vector } from '../vectors.ts';
import { deflateStored, inflateStored } from '../stored-zlib.ts';

const { illegalParameter, decodeError, unsupportedExtension, badCertificate, unsupportedCertificate } = refusals;
const { serverCertificateType, encryptedClientHello } = ExtensionType;
const { privateKeyPem: privateKey, certificatePem } = certificates['ecdsa-p256'];
const rawPublicKey = spkiOf('ecdsa-p256');
const takesRawKeys = { peerCertificateTypes: ['RawPublicKey'], trustedPublicKeys: [rawPublicKey] } as const;
const hasRawKey = { identity: { rawPublicKey, privateKey } };

const zlib: CertificateCompressor = {
  algorithm: 1,
  compress: (certificate) => deflateStored(certificate),
  decompress: (compressed) => inflateStored(compressed),
};
const compressing = { client: { certificateCompressors: [zlib] }, server: { certificateCompressors: [zlib] } };

/** A signer that signs by RSASSA-PKCS1-v1_5 where it is asked for RSASSA-PSS. */
const pkcs1Signer = {
  signatureSchemes: ['rsa_pss_rsae_sha256'],
  sign: (_scheme: string, input: Uint8Array) => signBy('rsa-2048', 'rsa_pkcs1_sha256', input),
};

const withEch = { connection: { serverName: inner, echConfigList: listOf(first) } } as const;

const rows: readonly Misbehaviour[] = [
  {
    id: 'pkcs1-signature',
    title: '§4.2.3 a good signature by RSASSA-PKCS1-v1_5 aborts with illegal_parameter',
    edits: [patch('CertificateVerify', 4, 0x04, 0x01)],
    server: { identity: { certificateChain: certificates['rsa-2048'].chainPem, signer: pkcs1Signer } },
    refused: illegalParameter,
  },
  {
    id: 'raw-public-keys-two',
    title: '§4.4.2 a Certificate with two raw public keys aborts with decode_error',
    edits: [editBody('Certificate', (body) => join([Uint8Array.of(0), vector(3, body.subarray(4), body.subarray(4))]))],
    client: takesRawKeys,
    server: hasRawKey,
    refused: decodeError,
  },
  {
    id: 'raw-public-key-wanted',
    title: 'RFC 7250 §4.2 an X.509 certificate for a client that takes none aborts with unsupported_certificate',
    edits: [
      editExtensions('EncryptedExtensions', without(serverCertificateType)),
      editBody('Certificate', () => certificateBody(certificatePem)),
    ],
    client: takesRawKeys,
    server: hasRawKey,
    refused: unsupportedCertificate,
  },
  {
    id: 'compressed-certificate-length',
    title: 'RFC 8879 §4 a certificate that is announced with more than 64 KiB is not decompressed',
    // Behind the header stands the algorithm, and then the length.
    edits: [patch('CompressedCertificate', 6, 1, 0, 1)],
    client: { certificateCompressors: [{ algorithm: 1, decompress: () => new Uint8Array(0x1_00_01) }] },
    server: compressing.server,
    refused: badCertificate,
  },
  {
    id: 'compressed-certificate-algorithm',
    title:
      'RFC 8879 §4 a certificate that is compressed by an algorithm that was not offered aborts with illegal_parameter',
    edits: [patch('CompressedCertificate', 4, 0, 2)],
    ...compressing,
    refused: illegalParameter,
  },
  {
    id: 'ech-retry-configs',
    title:
      'RFC 9849 §6.1.4 retry configs of a server that accepted Encrypted Client Hello abort with unsupported_extension',
    edits: [editExtensions('EncryptedExtensions', also(encryptedClientHello, ...listOf(second)))],
    server: { ...byName, echKeys: [first] },
    ...withEch,
    refused: unsupportedExtension,
  },
  {
    id: 'ech-confirmed-by-retry-alone',
    title: 'RFC 9849 §6.1.5 a server that confirms Encrypted Client Hello in the HelloRetryRequest alone is refused',
    edits: [
      editMessage('ServerHello', (message) => patched(message, randomAt + 31, (message[randomAt + 31] ?? 0) ^ 1)),
    ],
    client: { groups: ['x25519', 'secp256r1'] },
    server: { ...byName, echKeys: [first], groups: ['secp256r1'] },
    ...withEch,
    refused: illegalParameter,
  },
];

/** How a client answers a server of TLS 1.3 that misbehaves in something that not every client offers. */
export const misbehavingServerOptionCases: readonly ConformanceCase[] = misbehaviourCases(
  { name: 'misbehaving-server', victim: 'client', protocol: 'TLSv1.3' },
  rows,
);

/** Makes the body of a Certificate message of TLS 1.3 (RFC 8446 §4.4.2) with this chain. */
function certificateBody(pem: string): Uint8Array {
  const entries = certificatesInPem(pem, 'identity').flatMap((each) => [vector(3, each), vector(2)]);
  return join([Uint8Array.of(0), vector(3, ...entries)]);
}
