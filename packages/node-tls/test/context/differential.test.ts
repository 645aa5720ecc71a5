import { expect, it } from 'vitest';
import { toPem } from '@org/pki';
import { certificatesInPem } from '@org/x509';
import { verifierOf } from '../../src/context/peer-verifier.ts';
import { createSecureContext } from '../../src/context/secure-context.ts';
import { nodeVerdict } from './support/node-verdict.ts';
import { Draw, randomCase, type RandomCase } from './support/random-chain.ts';

// more rounds, and others, by hand
const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 1);
const rounds = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 200);

type Role = 'server' | 'client';

/** What our judge says: the code of a fault, or the path that it accepts. */
async function ours({ chainPem, judge }: RandomCase, shownBy: Role): Promise<string | readonly Uint8Array[]> {
  const { ca = [], crl, ...rest } = judge;
  const context = createSecureContext({ ...rest, ca: [...ca], ...(crl && { crl: [...crl] }) });
  const verify = verifierOf(context, shownBy === 'server' ? 'client' : 'server');
  const { error, path } = await verify(certificatesInPem(chainPem));
  return error === undefined ? path : (error as Error & { readonly code: string }).code;
}

/** The path that was accepted, shown alone: our verifier turns back where OpenSSL does not, and so it may find another one. */
function alone(peer: RandomCase, path: readonly Uint8Array[]): RandomCase {
  const pems = path.map((der) => toPem('CERTIFICATE', der));
  return {
    ...peer,
    chainPem: pems.slice(0, Math.max(1, pems.length - 1)).join(''),
    judge: { ...peer.judge, ca: pems.slice(-1) },
  };
}

/** What Node says, or that a peer of Node cannot even show the chain. */
async function theirs(peer: RandomCase, shownBy: Role): Promise<string | undefined> {
  try {
    return (await nodeVerdict(peer, peer.judge, shownBy))?.code;
  } catch (error) {
    return String(error);
  }
}

it(`nothing is accepted of ${rounds} drawn chains that Node does not accept`, async () => {
  const wrong: unknown[] = [];
  let accepted = 0;
  for (let round = 0; round < rounds; round += 1) {
    const draw = new Draw(seed * 1_000_003 + round);
    const shownBy = draw.pick(['server', 'client']);
    const peer = await randomCase(draw, shownBy);
    const [our, their] = [await ours(peer, shownBy), await theirs(peer, shownBy)];
    const isAccepted = typeof our !== 'string';
    if (isAccepted && their === undefined) accepted += 1;
    if (!isAccepted || their === undefined) continue;
    const ofPath = await theirs(alone(peer, our), shownBy);
    if (ofPath !== undefined) wrong.push({ round, shownBy, their, ofPath, story: peer.story });
  }
  expect(wrong).toEqual([]);
  expect(accepted).toBeGreaterThan(rounds / 10);
});
