import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expect } from '../expect.ts';
import { rootPem } from '../fixtures.ts';
import { certificateFor, MemoryPair } from '../memory-pair.ts';
import { handshake } from './handshake.ts';

const applies: ConformanceCase['applies'] = ({ client }) => client.capabilities.client.options.includes('pins');

async function sha256(pem: string): Promise<Uint8Array> {
  const binary = atob(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
  const der = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', der));
}

async function expectRefused(roles: Roles, pin: Uint8Array): Promise<void> {
  const pair = new MemoryPair(roles, { client: { pins: [{ certificateSha256: pin }] } });
  await pair.settle();
  expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_REJECTED', alert: 46, direction: 'sent' });
  expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT', alert: 46, direction: 'received' });
}

/** Cases of certificates that the peer's path must contain. */
export const pinCases: readonly ConformanceCase[] = [
  {
    id: 'pins/refused',
    title: 'a chain that is trusted and has no pinned certificate is refused with certificate_unknown',
    applies,
    run: async (roles) => {
      await expectRefused(roles, new Uint8Array(32));
      await expectRefused(roles, await sha256(certificateFor(roles, 'otherName').certificatePem));
    },
  },
  {
    id: 'pins/accepted',
    title: 'a chain is accepted when its leaf or its root is pinned, and trusted as well',
    applies,
    run: async (roles) => {
      for (const pem of [certificateFor(roles, roles.certificate ?? 'ecdsa-p256').certificatePem, rootPem])
        await handshake(roles, { client: { pins: [{ certificateSha256: await sha256(pem) }] } });
      const pins = [{ certificateSha256: await sha256(certificateFor(roles, 'untrusted').certificatePem) }];
      const pair = new MemoryPair(roles, { certificate: 'untrusted', client: { pins } });
      await pair.settle();
      expect(pair.clientSink.failure).toMatchObject({ code: 'ERR_TLS_CERTIFICATE_UNKNOWN_ISSUER' });
    },
  },
];
