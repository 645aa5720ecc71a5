import nodeTls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createRoot } from '@org/pki';
import {
  defaultAuthorities,
  getCACertificates,
  rootCertificates,
  setDefaultCACertificates,
  type CaCertificatesType,
} from '../../src/context/ca-certificates.ts';
import { ephemeralKeyInfo, sharedSigalgs } from '../../src/context/key-exchange-names.ts';
import { createSecureContext } from '../../src/context/secure-context.ts';
import { verifierOf } from '../../src/context/peer-verifier.ts';
import { checkServerIdentity } from '../../src/context/server-identity.ts';
import { sessionOfBuffer, sessionToBuffer } from '../../src/context/session-buffer.ts';
import { CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW, tlsDefaults } from '../../src/context/tls-defaults.ts';
import { convertALPNProtocols, getCiphers } from '../../src/context/tls-functions.ts';
import { outcomeOf } from './support/outcome.ts';
import { backends } from '../support.ts';

describe('the defaults', () => {
  it('are Node’s', () => {
    expect({ ...tlsDefaults }).toEqual({
      DEFAULT_CIPHERS: nodeTls.DEFAULT_CIPHERS,
      DEFAULT_ECDH_CURVE: nodeTls.DEFAULT_ECDH_CURVE,
      DEFAULT_MIN_VERSION: nodeTls.DEFAULT_MIN_VERSION,
      DEFAULT_MAX_VERSION: nodeTls.DEFAULT_MAX_VERSION,
    });
    expect(nodeTls).toMatchObject({ CLIENT_RENEG_LIMIT, CLIENT_RENEG_WINDOW });
  });

  it.each(backends)('can be written to, and count for contexts that are made later: %s', (_, backend) => {
    const before = createSecureContext({});
    tlsDefaults.DEFAULT_MIN_VERSION = 'TLSv1.3';
    tlsDefaults.DEFAULT_ECDH_CURVE = 'P-384';
    const after = createSecureContext({});
    Object.assign(tlsDefaults, { DEFAULT_MIN_VERSION: undefined, DEFAULT_ECDH_CURVE: undefined });
    expect(before.clientConfig(backend).minVersion).toBe('TLSv1.2');
    expect(after.clientConfig(backend)).toMatchObject({ minVersion: 'TLSv1.3', groups: ['secp384r1'] });
    expect(createSecureContext({}).clientConfig(backend).minVersion).toBe('TLSv1.2');
  });
});

describe('the authorities', () => {
  it('are Node’s', () => {
    expect(rootCertificates).toEqual(nodeTls.rootCertificates);
    expect(getCACertificates('bundled')).toEqual(nodeTls.rootCertificates);
    expect(defaultAuthorities().length).toBe(getCACertificates().length);
    expect(getCACertificates()).toEqual(expect.arrayContaining([...getCACertificates('extra')]));
  });

  it('are of no other types', () => {
    expect(outcomeOf(() => getCACertificates('x' as CaCertificatesType))?.code).toBe('ERR_INVALID_ARG_VALUE');
    expect(outcomeOf(() => getCACertificates(1 as never))?.code).toBe('ERR_INVALID_ARG_TYPE');
  });

  it('can be replaced for contexts that name none', async () => {
    const root = await createRoot();
    const leaf = await root.issue({ names: ['localhost'] });
    const original = [...getCACertificates()];
    const verdict = async (): Promise<Error | undefined> =>
      (await verifierOf(createSecureContext({}), 'client')(leaf.chainDer)).error;
    expect(await verdict()).toBeDefined();
    setDefaultCACertificates([root.certificatePem, root.certificatePem]);
    expect(getCACertificates('default').length).toBe(1);
    expect(await verdict()).toBeUndefined();
    setDefaultCACertificates(original);
    expect(await verdict()).toBeDefined();
    expect(outcomeOf(() => setDefaultCACertificates('x' as never))?.code).toBe('ERR_INVALID_ARG_TYPE');
    expect(outcomeOf(() => setDefaultCACertificates(['x']))).toBeDefined();
  });
});

describe('functions', () => {
  it('getCiphers gives names that Node knows', () => {
    expect(getCiphers().length).toBe(9);
    expect(nodeTls.getCiphers()).toEqual(expect.arrayContaining(getCiphers()));
  });

  it('convertALPNProtocols writes what Node writes', () => {
    const [one, other] = [{}, {}];
    const node = nodeTls as unknown as { convertALPNProtocols: typeof convertALPNProtocols };
    for (const protocols of [['h2', 'http/1.1'], Buffer.from('\u0002h2'), undefined]) {
      convertALPNProtocols(protocols, one);
      node.convertALPNProtocols(protocols, other);
      expect(one).toEqual(other);
    }
    expect(outcomeOf(() => convertALPNProtocols(['x'.repeat(256)], {}))?.code).toBe('ERR_OUT_OF_RANGE');
  });

  it('checkServerIdentity says what Node’s says', () => {
    const certificate = { subject: { CN: 'a.test' }, subjectaltname: 'DNS:b.test' } as never;
    const byNode = nodeTls.checkServerIdentity('a.test', certificate);
    expect(checkServerIdentity('a.test', certificate)).toEqual(byNode);
    expect(byNode).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(checkServerIdentity('b.test', certificate)).toBeUndefined();
  });

  it('getEphemeralKeyInfo and getSharedSigalgs have OpenSSL’s names', () => {
    expect(ephemeralKeyInfo('x25519')).toEqual({ type: 'ECDH', name: 'X25519', size: 253 });
    expect(ephemeralKeyInfo('secp256r1')).toEqual({ type: 'ECDH', name: 'prime256v1', size: 256 });
    expect(ephemeralKeyInfo(undefined)).toEqual({});
    const schemes = [
      'ecdsa_secp256r1_sha256',
      'rsa_pss_rsae_sha384',
      'rsa_pss_pss_sha512',
      'rsa_pkcs1_sha256',
      'ed25519',
    ];
    const words = ['ECDSA+SHA256', 'RSA-PSS+SHA384', 'RSA-PSS+SHA512', 'RSA+SHA256', 'Ed25519+UNDEF'];
    expect(sharedSigalgs(schemes)).toEqual(words);
  });
});

describe('a session as bytes', () => {
  const session = {
    backend: 'pure',
    protocol: 'TLSv1.3',
    serverName: 'localhost',
    receivedAt: 1,
    expiresAt: 2,
    maxEarlyData: 0,
    state: Uint8Array.of(1, 2, 3),
  } as const;

  it('comes back as it was', () => {
    expect(sessionOfBuffer(sessionToBuffer(session))).toEqual(session);
    expect(sessionOfBuffer(sessionToBuffer(session).toString('latin1'))).toEqual(session);
  });

  it('is nothing where a byte is changed, missing or added', () => {
    const bytes = sessionToBuffer(session);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sessionOfBuffer(changed)).toBeUndefined();
      expect(sessionOfBuffer(bytes.subarray(0, at))).toBeUndefined();
    }
    expect(sessionOfBuffer(Buffer.concat([bytes, Buffer.of(0)]))).toBeUndefined();
  });

  it.each([undefined, null, 1, {}, '', 'x', Buffer.alloc(0), Buffer.from('3082'), [1, 2]])('is not %s', (given) => {
    expect(sessionOfBuffer(given)).toBeUndefined();
  });
});
