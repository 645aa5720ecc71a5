import type { TlsErrorCode } from '@org/tls-core';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { byteByByte, certificateFor, MemoryPair, type PairOptions } from '../memory-pair.ts';
import { handshake } from './handshake.ts';

interface Refusal {
  readonly id: string;
  readonly title: string;
  readonly options: PairOptions | ((roles: Roles) => PairOptions);
  readonly code: TlsErrorCode;
  readonly alert: number;
  readonly nodeCode: string;
}

const name = { code: 'ERR_TLS_CERTIFICATE_NAME', alert: 42, nodeCode: 'ERR_TLS_CERT_ALTNAME_INVALID' } as const;
const unknownIssuer = { code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER', alert: 48 } as const;

const refusals: readonly Refusal[] = [
  { id: 'wrong-host', title: 'for another host', options: { certificate: 'otherName' }, ...name },
  { id: 'wrong-address', title: 'for another IP address', options: { serverName: '127.0.0.2' }, ...name },
  {
    id: 'common-name',
    title: 'that names the host in its common name only',
    options: { certificate: 'withoutNames' },
    ...name,
  },
  {
    id: 'wildcard-two-labels',
    title: 'whose wildcard would have to stand for two labels (RFC 9525 §6.3)',
    options: { certificate: 'wildcard', serverName: 'a.b.example.test' },
    ...name,
  },
  {
    id: 'wildcard-no-label',
    title: 'whose wildcard would have to stand for no label (RFC 9525 §6.3)',
    options: { certificate: 'wildcard', serverName: 'example.test' },
    ...name,
  },
  {
    id: 'expired',
    title: 'that has expired',
    options: { certificate: 'expired' },
    code: 'ERR_TLS_CERTIFICATE_EXPIRED',
    alert: 45,
    nodeCode: 'CERT_HAS_EXPIRED',
  },
  {
    id: 'not-yet-valid',
    title: 'that is not yet valid',
    options: { certificate: 'notYetValid' },
    code: 'ERR_TLS_CERTIFICATE_NOT_YET_VALID',
    alert: 45,
    nodeCode: 'CERT_NOT_YET_VALID',
  },
  {
    id: 'wrong-purpose',
    title: 'that is for clients only (RFC 5280 §4.2.1.12)',
    options: { certificate: 'wrongPurpose' },
    code: 'ERR_TLS_CERTIFICATE_PURPOSE',
    alert: 43,
    nodeCode: 'INVALID_PURPOSE',
  },
  {
    id: 'untrusted',
    title: 'of an issuer that is not trusted',
    options: { certificate: 'untrusted' },
    ...unknownIssuer,
    nodeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  },
  {
    id: 'self-signed',
    title: 'that is self-signed and not trusted',
    options: { certificate: 'selfSigned' },
    ...unknownIssuer,
    nodeCode: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  {
    id: 'missing-intermediate',
    title: 'whose intermediate was not sent',
    options: (roles) => {
      const { certificatePem, privateKeyPem } = certificateFor(roles, 'underIntermediate');
      return { server: { identity: { certificateChain: certificatePem, privateKey: privateKeyPem } } };
    },
    ...unknownIssuer,
    nodeCode: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  },
];

/** What the peer's certificate must be, and how the handshake ends when it is not. */
export const certificateCases: readonly ConformanceCase[] = [
  ...refusals.map(({ id, title, options, code, alert, nodeCode }): ConformanceCase => ({
    id: `certificate/${id}`,
    title: `a certificate ${title} is refused inside the handshake with ${code}`,
    run: async (roles) => {
      for (const wire of [undefined, byteByByte]) {
        const pair = new MemoryPair(roles, typeof options === 'function' ? options(roles) : options);
        await pair.settle(wire);
        const { failure } = pair.clientSink;
        expect(failure).toMatchObject({ code, alert, direction: 'sent', family: 'certificate', nodeCode });
        expect(failure?.certificate?.chain.length).toBeGreaterThan(0);
        // The client verifies before it sends its Finished, so that the server never sees a connection.
        expect(pair.clientSink.info).toBeUndefined();
        expect(pair.serverSink.info).toBeUndefined();
        expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert, direction: 'received' });
      }
    },
  })),
  {
    id: 'certificate/intermediate',
    title: 'a chain with an intermediate is verified, and the path says how',
    run: async (roles) => {
      const pair = await handshake(roles, { certificate: 'underIntermediate' });
      expect(pair.clientSink.info?.peer?.chain).toHaveLength(2);
      expect(pair.clientSink.info?.peer?.verifiedPath).toHaveLength(3);
    },
  },
  {
    id: 'certificate/wildcard',
    title: 'a wildcard stands for one whole label (RFC 9525 §6.3)',
    run: async (roles) => {
      await handshake(roles, { certificate: 'wildcard', serverName: 'www.example.test' });
    },
  },
  {
    id: 'certificate/exact-trust',
    title: 'an exact self-signed certificate can be trusted, and then nothing else is',
    run: async (roles) => {
      const trust = certificateFor(roles, 'selfSigned').certificatePem;
      await handshake(roles, { certificate: 'selfSigned', client: { trust } });
      const pair = new MemoryPair(roles, { client: { trust } });
      await pair.settle();
      expect(pair.clientSink.failure).toMatchObject(unknownIssuer);
    },
  },
  {
    id: 'certificate/trust-union',
    title: 'trust is the union of a list',
    run: async (roles) => {
      const trust = [certificateFor(roles, 'selfSigned').certificatePem, rootPem];
      await handshake(roles, { client: { trust } });
      await handshake(roles, { certificate: 'selfSigned', client: { trust } });
    },
  },
  {
    id: 'certificate/accept-any',
    title: 'only `dangerous.acceptAnyCertificate` accepts what cannot be verified, and nothing is then called verified',
    applies: ({ client }) => client.capabilities.client.options.includes('dangerous'),
    run: async (roles) => {
      const pair = new MemoryPair(roles, {
        certificate: 'untrusted',
        client: { dangerous: { acceptAnyCertificate: true } },
      });
      await pair.settle();
      expect(pair.clientSink.failure).toBeUndefined();
      expect(pair.clientSink.info?.peer?.chain).toHaveLength(1);
      expect(pair.clientSink.info?.peer?.verifiedPath).toEqual([]);
    },
  },
];
