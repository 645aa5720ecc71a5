import type { ClientConfig, Identity, PeerVerification } from '@org/tls-core';
import { bothHave, bothSpeak, type ConformanceCase } from '../conformance-case.ts';
import { expectInfo, only, Peers } from '../connections.ts';
import { expect } from '../expect.ts';
import { byteByByte, identityOf } from '../memory-pair.ts';

/** A response that is not a real one: it is handed on, not judged. */
const response = Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06);
const timestamps = Uint8Array.of(0, 5, 0, 3, 1, 2, 3);

/** What a server sends along with its certificate: an OCSP response (RFC 6066 §8) and certificate timestamps (RFC 6962 §3.3). */
export const stapledCases: readonly ConformanceCase[] = (['TLSv1.2', 'TLSv1.3'] as const).flatMap(
  (protocol): ConformanceCase[] => {
    const client: ClientConfig = only(protocol);
    const ocsp: ConformanceCase['applies'] = (roles) => bothSpeak(protocol)(roles) && bothHave('ocspStapling')(roles);
    const sct: ConformanceCase['applies'] = (roles) =>
      bothSpeak(protocol)(roles) && bothHave('signedCertificateTimestamps')(roles);
    const id = (name: string): string => `${name}-${protocol.slice(4)}`;
    return [
      {
        id: id('ocsp/stapled'),
        title: `RFC 6066 §8 a stapled OCSP response reaches the client and its verifyPeer in ${protocol}`,
        applies: ocsp,
        run: async (roles) => {
          for (const ocspResponse of [response, () => response, () => Promise.resolve(response)]) {
            for (const wire of [undefined, byteByByte]) {
              const seen: PeerVerification[] = [];
              const identity: Identity = { ...identityOf('ecdsa-p256'), ocspResponse };
              const verifyPeer = (verification: PeerVerification) => void seen.push(verification);
              const pair = await new Peers(roles, { client: { ...client, verifyPeer }, server: { identity } }).open(
                {},
                wire,
              );
              expect([...(seen[0]?.ocspResponse ?? [])]).toEqual([...response]);
              expect([...(pair.clientSink.info?.peer?.ocspResponse ?? [])]).toEqual([...response]);
            }
          }
        },
      },
      {
        id: id('ocsp/not-asked'),
        title: `RFC 6066 §8 no OCSP response comes where the client does not ask, or the server has none, in ${protocol}`,
        applies: ocsp,
        run: async (roles) => {
          for (const [ocspStapling, ocspResponse] of [
            [false, response],
            [true, () => undefined],
          ] as const) {
            const identity = { ...identityOf('ecdsa-p256'), ocspResponse };
            const pair = await new Peers(roles, { client: { ...client, ocspStapling }, server: { identity } }).open();
            expect(pair.clientSink.info?.peer?.ocspResponse).toBeUndefined();
          }
          let asked = 0;
          const identity = { ...identityOf('ecdsa-p256'), ocspResponse: () => ((asked += 1), response) };
          await new Peers(roles, { client: { ...client, ocspStapling: false }, server: { identity } }).open();
          expect(asked).toBe(0);
        },
      },
      {
        id: id('sct/sent'),
        title: `RFC 6962 §3.3 certificate timestamps reach a client that asks, and its verifyPeer, in ${protocol}`,
        applies: sct,
        run: async (roles) => {
          for (const requestCertificateTimestamps of [true, false]) {
            const seen: PeerVerification[] = [];
            const verifyPeer = (verification: PeerVerification) => void seen.push(verification);
            const identity = { ...identityOf('ecdsa-p256'), signedCertificateTimestamps: timestamps };
            const pair = await new Peers(roles, {
              client: { ...client, verifyPeer, requestCertificateTimestamps },
              server: { identity },
            }).open();
            const expected = requestCertificateTimestamps ? timestamps : undefined;
            expect(pair.clientSink.info?.peer?.signedCertificateTimestamps).toEqual(expected);
            expect(seen[0]?.signedCertificateTimestamps).toEqual(expected);
          }
        },
      },
      {
        id: id('ocsp/resumed'),
        title: `what was stapled stays known when a session of ${protocol} is resumed`,
        applies: (roles) => ocsp(roles) && sct(roles) && bothHave('resumption')(roles),
        run: async (roles) => {
          const identity: Identity = {
            ...identityOf('ecdsa-p256'),
            ocspResponse: response,
            signedCertificateTimestamps: timestamps,
          };
          const peers = new Peers(roles, {
            client: { ...client, requestCertificateTimestamps: true },
            server: { identity },
          });
          const pair = await peers.open({ session: await peers.session() });
          expectInfo(pair, { resumed: true });
          expect(pair.clientSink.info?.peer?.ocspResponse).toEqual(response);
          expect(pair.clientSink.info?.peer?.signedCertificateTimestamps).toEqual(timestamps);
        },
      },
    ];
  },
);
