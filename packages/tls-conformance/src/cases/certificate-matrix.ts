import { alertOf, type Identity } from '@org/tls-core';
import { certificateFaults } from '@org/tls-core/backend';
import { matrixPrivateKey, matrixRoot, matrixRsaPrivateKey, type MatrixRow } from '../certificate-matrix/matrix-row.ts';
import { nameRows } from '../certificate-matrix/names.ts';
import { oddRows } from '../certificate-matrix/odd-forms.ts';
import { pathRows } from '../certificate-matrix/paths.ts';
import { purposeRows } from '../certificate-matrix/purposes.ts';
import { signsWithEcdsa, type ConformanceCase, type Roles } from '../conformance-case.ts';
import { expectOpen } from '../connections.ts';
import { expect } from '../expect.ts';
import { pem } from '../fixture-certificate.ts';
import { MemoryPair } from '../memory-pair.ts';

/** Chains of all kinds, and the verdict on each. */
export const certificateMatrixCases: readonly ConformanceCase[] = [
  ...pathRows,
  ...purposeRows,
  ...nameRows,
  ...oddRows,
].map((row): ConformanceCase => ({
  id: `certificate-matrix/${row.id}`,
  title: `${row.title}: ${row.verdict === 'accept' ? 'accepted' : `refused with ${row.verdict.join(' or ')}`}`,
  run: (roles) => judge(roles, row),
}));

async function judge(roles: Roles, row: MatrixRow): Promise<void> {
  const { verdict, serverName = 'localhost', trust = matrixRoot, mayNotLoad = false } = row;
  const identity = identityOfRow(roles, row);
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

/** Gives the chain with the leaf for the kind of key that servers sign with here. A leaf is sent twice in some. */
function identityOfRow(roles: Roles, { chain, rsaLeaf }: MatrixRow): Identity {
  const isRsa = !signsWithEcdsa(roles);
  const ders = isRsa ? chain.map((der) => (der === chain[0] ? rsaLeaf : der)) : chain;
  const certificateChain = ders.map((der) => pem('CERTIFICATE', der)).join('');
  return { certificateChain, privateKey: pem('PRIVATE KEY', isRsa ? matrixRsaPrivateKey : matrixPrivateKey) };
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
