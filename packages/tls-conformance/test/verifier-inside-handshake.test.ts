import { beforeAll, describe, expect, it } from 'vitest';
import {
  isTlsError,
  type ClientConfig,
  type Identity,
  type ProtocolVersion,
  type TlsBackend,
  type TlsError,
} from '@org/tls-core';
import { createRoot, respondOcsp, type OcspOptions, type TestCertificate } from '@org/pki';
import { createBackend as createNative } from '@org/tls-native';
import { createBackend as createPure } from '@org/tls-pure';
import { peerVerifier } from '@org/x509';
import { only } from '../src/connections.ts';
import { MemoryPair } from '../src/memory-pair.ts';

const judges = [
  ['the platform’s verifier', createNative()],
  ['tls-pure’s verifier over the platform', createNative({ verifier: peerVerifier() })],
  ['tls-pure', createPure()],
] as const;
const protocols: readonly ProtocolVersion[] = ['TLSv1.2', 'TLSv1.3'];
const combinations = judges.flatMap(([name, backend]) => protocols.map((protocol) => ({ name, backend, protocol })));

let root: TestCertificate;
let leaf: TestCertificate;
let mustStaple: TestCertificate;
beforeAll(async () => {
  root = await createRoot({ commonName: 'issuer' });
  leaf = await root.issue({ names: ['localhost'] });
  // RFC 7633 §6: status_request
  const feature = { oid: '1.3.6.1.5.5.7.1.24', value: Uint8Array.of(0x30, 3, 2, 1, 5) };
  mustStaple = await root.issue({ names: ['localhost'], extensions: [feature] });
});

const identityOf = ({ chainPem, privateKeyPem }: TestCertificate) => ({
  certificateChain: chainPem,
  privateKey: privateKeyPem,
});

/** What a client has against a server; `undefined`: nothing. */
async function failureOf(backend: TlsBackend, client: ClientConfig, identity: Identity): Promise<TlsError | undefined> {
  const roles = { client: backend, server: createPure() };
  const pair = new MemoryPair(roles, { client: { trust: root.certificatePem, ...client }, server: { identity } });
  await pair.settle();
  const { failure } = pair.clientSink;
  // what the error says was sent is what the peer got
  expect(pair.serverSink.failure?.alert).toBe(failure?.alert);
  return failure;
}

describe.each(combinations)('$name in $protocol', ({ backend, protocol }) => {
  const stapled = (certificate: TestCertificate, options: Partial<OcspOptions> = {}, client: ClientConfig = {}) =>
    failureOf(
      backend,
      { ...only(protocol), ...client },
      { ...identityOf(certificate), ocspResponse: respondOcsp(certificate, { issuer: root, ...options }) },
    );

  it('RFC 6066 §8 refuses a server that staples that it is revoked, with certificate_revoked', async () => {
    const revoked = { code: 'ERR_TLS_CERTIFICATE_REVOKED', alert: 44, direction: 'sent', nodeCode: 'CERT_REVOKED' };
    expect(await stapled(leaf, { status: 'R' })).toMatchObject(revoked);
    expect(await stapled(mustStaple, { status: 'R' })).toMatchObject(revoked);
    expect(await stapled(leaf, { status: 'R' }, { ocspStapling: false })).toBeUndefined();
  });

  it('RFC 7633 §4.2.3.1 takes a certificate that must staple with a good response only', async () => {
    const missing = { code: 'ERR_TLS_CERTIFICATE_STATUS', alert: 113, direction: 'sent' };
    expect(await stapled(mustStaple)).toBeUndefined();
    // without nextUpdate, and by the key's hash
    expect(await stapled(mustStaple, { args: ['-resp_key_id'] })).toBeUndefined();
    const stranger = await createRoot({ commonName: 'issuer' });
    for (const options of [{ signer: stranger }, { args: ['-ndays', '1', '-badsig'] }] as const)
      expect(await stapled(mustStaple, options)).toMatchObject(missing);
    const ofAnother = { ...identityOf(mustStaple), ocspResponse: respondOcsp(leaf, { issuer: root }) };
    expect(await failureOf(backend, only(protocol), ofAnother)).toMatchObject(missing);
    const late = { clock: () => Date.now() + 2 * 24 * 3_600_000 };
    expect(await stapled(mustStaple, {}, late)).toMatchObject(missing);
    expect(await stapled(leaf, {}, late)).toBeUndefined();
  });

  it('RFC 6960 §4.2.2.2 believes whom the issuer named, and nobody else', async () => {
    const named = await root.issue({ commonName: 'responder', extendedKeyUsage: ['OCSPSigning'] });
    expect(await stapled(mustStaple, { signer: named })).toBeUndefined();
    const unnamed = await root.issue({ commonName: 'responder' });
    expect(await stapled(mustStaple, { signer: unnamed })).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_STATUS' });
  });

  it('§4.4.3 a server that has no private key to its certificate is refused with decrypt_error', async () => {
    const signer = { signatureSchemes: ['ecdsa_secp256r1_sha256'], sign: () => signatureOfNobody };
    const identity = { certificateChain: leaf.chainPem, signer };
    const failure = await failureOf(backend, only(protocol), identity);
    expect(failure).toMatchObject({ code: 'ERR_TLS_DECRYPT', alert: 51, direction: 'sent' });
  });

  it('§4.4.3 a client that has no private key to its certificate is refused with decrypt_error', async () => {
    const device = await root.issue({ extendedKeyUsage: ['clientAuth'] });
    const signer = { signatureSchemes: ['ecdsa_secp256r1_sha256'], sign: () => signatureOfNobody };
    const pair = new MemoryPair(
      { client: createPure(), server: backend },
      {
        client: {
          ...only(protocol),
          trust: root.certificatePem,
          identity: { certificateChain: device.chainPem, signer },
        },
        server: { identity: identityOf(leaf), clientAuthentication: 'require', clientTrust: root.certificatePem },
      },
    );
    await pair.settle();
    expect(isTlsError(pair.serverSink.failure)).toBe(true);
    expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_DECRYPT', alert: 51, direction: 'sent' });
    expect(pair.serverSink.info).toBeUndefined();
  });
});

/** An ECDSA signature, in form: r and s are 1. */
const signatureOfNobody = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
