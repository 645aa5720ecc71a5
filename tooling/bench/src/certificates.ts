// Measures what verifying certificates costs besides the signatures in them, and how long the hardest chains that we know take.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { createRoot, type TestCertificate } from '@org/pki';
import { nodeCrypto } from '@org/tls-crypto/node';
import { anchorsFrom, parseCertificate, verifyChain, type Certificate, type TrustAnchors } from '@org/x509';
import { median } from './statistics.ts';

/**
 * Parsing and verifying a chain of three certificates may take at most this many times as long as its signatures. Machines had 1.24 to 1.41;
 * work that is done twice, or a parser that is no longer linear, is above it.
 */
const maxRatio = 1.8;
/** The hardest chain that we know may take as long as the signatures of so many chains. A machine had 43. */
const maxChains = 200;
const rounds = 15;
const chainsPerRound = 40;
/** So many chains are verified first: a long-lived process is measured, whose code is compiled. */
const warmUpChains = 1000;

const failures: string[] = [];
const { ratio, signatures, whole } = await compareWithSignatures();
const slowest = [...limboCases(), ...betterTlsCases()].map(timed).toSorted((left, right) => right.time - left.time);
const inChains = ({ time }: { readonly time: number }): number => (time * 1000) / signatures;
console.table({
  'signatures of a chain, keys imported (µs)': signatures.toFixed(0),
  'the chain parsed and verified (µs)': whole.toFixed(0),
  ratio: ratio.toFixed(2),
});
console.table(
  slowest.slice(0, 5).map((each) => ({ id: each.id, ms: each.time.toFixed(1), chains: inChains(each).toFixed(0) })),
);
if (ratio > maxRatio)
  failures.push(`a chain costs ${ratio.toFixed(2)} times its signatures, expected at most ${maxRatio}`);
for (const each of slowest.filter((one) => inChains(one) > maxChains))
  failures.push(
    `${each.id} took as long as the signatures of ${inChains(each).toFixed(0)} chains, expected at most ${maxChains}`,
  );
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
process.exitCode = failures.length === 0 || isRightOnceMore() ? 0 : 1;

/** Measures once more in a new process, which knows no chain yet: whatever disturbed the first does so seldom twice. */
function isRightOnceMore(): boolean {
  if (process.argv.includes('--again')) return false;
  return spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--again'], { stdio: 'inherit' }).status === 0;
}

/** Each chain has keys that nobody saw before, so that no cache helps either side. Rounds alternate, and the medians are compared. */
async function compareWithSignatures() {
  const root = await createRoot();
  const anchors = anchorsFrom(root.certificateDer);
  const samples: { readonly signatures: number; readonly whole: number }[] = [];
  for (const chain of await freshChains(root, warmUpChains)) verifyWhole([...chain, root.certificateDer], anchors);
  for (let round = 0; round < rounds; round += 1) {
    const left = await freshChains(root, chainsPerRound);
    const right = await freshChains(root, chainsPerRound);
    const parsed = left.map((chain) => [...chain, root.certificateDer].map((der) => parseCertificate(der)));
    const onlySignatures = microseconds(() => parsed.forEach(verifySignatures));
    const all = microseconds(() => right.forEach((chain) => verifyWhole([...chain, root.certificateDer], anchors)));
    samples.push({ signatures: onlySignatures, whole: all });
  }
  return {
    ratio: median(samples.map((sample) => sample.whole / sample.signatures)),
    signatures: median(samples.map((sample) => sample.signatures)),
    whole: median(samples.map((sample) => sample.whole)),
  };
}

async function freshChains(root: TestCertificate, count: number): Promise<readonly (readonly Uint8Array[])[]> {
  const chains: (readonly Uint8Array[])[] = [];
  for (let index = 0; index < count; index += 1) {
    const intermediate = await root.issue({ isCa: true });
    chains.push((await intermediate.issue({ names: ['example.com'] })).chainDer);
  }
  return chains;
}

function verifySignatures(chain: readonly Certificate[]): void {
  for (const [index, { signatureAlgorithm, tbsCertificate, signature }] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1];
    const { algorithm } = signatureAlgorithm;
    if (issuer === undefined || algorithm === undefined) throw new Error('no issuer');
    const isValid = nodeCrypto.importPublicKey(issuer.publicKey).verify(algorithm, tbsCertificate, signature);
    if (isValid !== true) throw new Error('a signature is wrong');
  }
}

function verifyWhole(chain: readonly Uint8Array[], anchors: TrustAnchors): void {
  const time = Date.now();
  const result = verifyChain({
    chain,
    anchors,
    purpose: 'server',
    serverName: 'example.com',
    time,
    crypto: nodeCrypto,
  });
  if (!('path' in result) || result.path.length !== 3) throw new Error('not verified');
}

/** Gives microseconds for each chain. */
function microseconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return ((performance.now() - startedAt) * 1000) / chainsPerRound;
}

interface Case {
  readonly id: string;
  readonly run: () => unknown;
}

/** Gives the milliseconds of a first run, in which nothing of the chain is known yet. The tests check the verdict. */
function timed({ id, run }: Case): { readonly id: string; readonly time: number } {
  const startedAt = performance.now();
  try {
    run();
  } catch {
    // the chain is refused
  }
  return { id, time: performance.now() - startedAt };
}

interface LimboCase {
  readonly id: string;
  readonly validation_kind: string;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_peer_name: { readonly value: string } | null;
}

function limboCases(): readonly Case[] {
  const { testcases } = testData('x509-limbo/limbo.json') as { readonly testcases: readonly LimboCase[] };
  return testcases.map((limbo) => ({
    id: `x509-limbo ${limbo.id}`,
    run: () =>
      verifyChain({
        chain: [limbo.peer_certificate, ...limbo.untrusted_intermediates].map(fromPem),
        anchors: anchorsFrom(limbo.trusted_certs.map(fromPem)),
        purpose: limbo.validation_kind === 'SERVER' ? 'server' : 'client',
        serverName: limbo.expected_peer_name?.value,
        time: limbo.validation_time === null ? Date.UTC(2026, 5, 1) : Date.parse(limbo.validation_time),
        crypto: nodeCrypto,
      }),
  }));
}

interface BetterTls {
  readonly trustRoot: string;
  readonly suites: Readonly<
    Record<
      string,
      {
        readonly testCases: readonly {
          readonly id: string;
          readonly certificates: readonly string[];
          readonly hostname: string;
        }[];
      }
    >
  >;
}

function betterTlsCases(): readonly Case[] {
  return ['bettertls/pathbuilding.json', 'bettertls/nameconstraints-sample.json'].flatMap((file) => {
    const { trustRoot, suites } = testData(file) as BetterTls;
    const anchors = anchorsFrom(fromBase64(trustRoot));
    return Object.entries(suites).flatMap(([suite, { testCases }]) =>
      testCases.map(({ id, certificates, hostname }) => ({
        id: `BetterTLS ${suite} ${id}`,
        run: () =>
          verifyChain({
            chain: certificates.map(fromBase64),
            anchors,
            purpose: 'server',
            serverName: hostname,
            time: Date.UTC(2026, 11, 1),
            crypto: nodeCrypto,
          }),
      })),
    );
  });
}

/** Reads a file of the data beside the repository. */
function testData(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../../shared/data/${path}`, import.meta.url), 'utf8'));
}

function fromPem(pem: string): Uint8Array {
  return fromBase64(pem.replaceAll(/-----[^-]+-----|\s/g, ''));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
