import { alertOf, type Identity } from '@org/tls-core';
import { certificateFaults } from '@org/tls-core/backend';
import { matrixPrivateKey, matrixRoot, type MatrixRow } from '../certificate-matrix/matrix-row.ts';
import { nameRows } from '../certificate-matrix/names.ts';
import { oddRows } from '../certificate-matrix/odd-forms.ts';
import { pathRows } from '../certificate-matrix/paths.ts';
import type { ConformanceCase, Roles } from '../conformance-case.ts';
import { expectOpen } from '../connections.ts';
import { expect } from '../expect.ts';
import { pem } from '../fixture-certificate.ts';
import { MemoryPair } from '../memory-pair.ts';

/** Chains of all kinds, and the verdict on each. */
export const certificateMatrixCases: readonly ConformanceCase[] = [...pathRows, ...nameRows, ...oddRows].map(
  (row): ConformanceCase => ({
    id: `certificate-matrix/${row.id}`,
    title: `${row.title}: ${row.verdict === 'accept' ? 'accepted' : `refused with ${row.verdict.join(' or ')}`}`,
    run: (roles) => judge(roles, row),
  }),
);

async function judge(roles: Roles, row: MatrixRow): Promise<void> {
  const { chain, verdict, serverName = 'localhost', trust = matrixRoot, mayNotLoad = false } = row;
  const certificateChain = chain.map((der) => pem('CERTIFICATE', der)).join('');
  const identity = { certificateChain, privateKey: pem('PRIVATE KEY', matrixPrivateKey) };
  const options = { serverName, client: { trust: pem('CERTIFICATE', trust) }, server: { identity } };
  if (mayNotLoad && !loads(roles, identity)) return;
  const pair = new MemoryPair(roles, options);
  await pair.settle();
  if (verdict === 'accept') {
    expectOpen(pair);
    return;
  }
  expectRefusal(pair, row);
  // The client refuses it before the server can believe that there is a connection.
  expect(pair.clientSink.info).toBeUndefined();
  expect(pair.serverSink.failure).toMatchObject({ code: 'ERR_TLS_ALERT' });
}

/** Checks the code, the alert, which has to reach the server, and the advice. */
function expectRefusal({ clientSink, serverSink }: MemoryPair, { verdict, fault }: MatrixRow): void {
  const { failure } = clientSink;
  expect(failure).toMatchObject({ family: 'certificate', direction: 'sent' });
  expect(verdict).toContain(failure?.code);
  expect(failure?.alert, 'the alert').toBe(failure && alertOf(failure.code));
  expect(serverSink.failure?.alert, 'the alert that arrived').toBe(failure?.alert);
  const hints = Object.values(certificateFaults).filter(({ code }) => code === failure?.code);
  const { hint } = failure?.certificate ?? {};
  expect(fault === undefined ? hints.map((each) => each.hint) : [certificateFaults[fault].hint]).toContain(hint);
  expect(failure?.message.endsWith(`; ${hint}`)).toBe(true);
}

/** Tells whether the server accepts an identity; if it does not, the error must blame the identity. */
function loads({ server }: Roles, identity: Identity): boolean {
  try {
    server.createServerContext({ identity });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_TLS_IDENTITY' });
    return false;
  }
}
