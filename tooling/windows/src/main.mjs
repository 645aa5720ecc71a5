// Tests the native backend over SChannel, and over the OpenSSL of node.exe, which runs under Wine; its peers run outside of it. Arguments go to
// vitest.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '@org/binaries/command';
import { createRoot } from '@org/pki';
import { never } from './not-run.mjs';
import { startPeerHost } from './peer-host.mjs';
import { fillStage } from './staging.mjs';
import { priorityFile, wineRoot } from './wine-root.mjs';
import { runInWine } from './wine.mjs';

const limit = 20 * 60 * 1000;
const vitest = ['node_modules/vitest/vitest.mjs', 'run'];

/**
 * The runs. Wine 10 knows TLS 1.3 only with a file of priorities, and then obeys no limits of versions.
 * - `library`: `node` for the OpenSSL of the program
 */
const runs = [
  { name: 'SChannel of Wine 10, TLSv1.3', protocol: 'TLSv1.3', script: vitest },
  { name: 'SChannel of Wine 10, TLSv1.2', protocol: 'TLSv1.2', script: [...vitest, 'test/kit.test.ts'] },
  { name: 'OpenSSL of Node 20', library: 'node', script: vitest },
  { name: 'OpenSSL of Node 24', library: 'node', program: 'node24.exe', script: vitest },
  { name: 'what keys leave on disk, in Wine 10', protocol: 'TLSv1.2', script: ['test/left-keys.mjs'] },
  // The bundler of vitest does not load there.
  { name: 'SChannel of Wine 8', wine: 8, protocol: 'TLSv1.2', script: ['test/old-wine.mjs'] },
].map((each) => ({ wine: 10, library: '', protocol: '', program: 'node.exe', ...each }));

async function main(vitestArguments) {
  requireDebian();
  const roots = new Map(runs.map(({ wine }) => [wine, wineRoot(wine)]));
  const began = Date.now();
  const folder = mkdtempSync(join(tmpdir(), 'tls-windows-'));
  const stage = join(folder, 'stage');
  const authorities = join(folder, 'authorities.pem');
  const peers = await startPeerHost();
  const failures = [];
  try {
    fillStage(stage);
    await writeAuthority(authorities, stage);
    for (const { name, wine, library, protocol, program, script } of runs) {
      console.log(`\n=== ${name}`);
      const status = await runInWine(roots.get(wine), {
        outputFile: join(folder, `output of ${name}`),
        timeout: limit,
        folder: stage,
        authorities,
        env: {
          PEER_HOST: peers.url,
          WINE_PROTOCOL: protocol,
          TLS_NATIVE_LIBRARY: library,
          ...(protocol === 'TLSv1.3' && { GNUTLS_SYSTEM_PRIORITY_FILE: priorityFile }),
        },
        command: [
          'wine',
          program,
          ...script,
          ...(isVitest(script) ? [`--outputFile.json=${reportOf(name)}`, ...vitestArguments] : []),
        ],
      });
      if (status !== 0) failures.push(`${name}: ended with ${status ?? 'a signal'}`);
    }
    report(stage);
    console.log(`windows: ${Math.round((Date.now() - began) / 1000)} s`);
  } finally {
    await peers.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const failure of failures) console.error(`windows: FAILED under ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** Makes a CA that the system trusts, without others, and a server's certificate from it. */
async function writeAuthority(file, stage) {
  const root = await createRoot({ commonName: 'CA that the system trusts' });
  const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });
  writeFileSync(file, root.certificatePem);
  const leaf = { chainPem, privateKeyPem };
  writeFileSync(join(stage, 'system-root.json'), JSON.stringify({ certificatePem: root.certificatePem, leaf }));
}

function isVitest(script) {
  return script[0] === vitest[0];
}

function reportOf(name) {
  return `report-${name.replaceAll(/\W+/g, '-')}.json`;
}

function report(stage) {
  for (const { name } of runs.filter(({ script }) => isVitest(script))) {
    const results = readStaged(stage, reportOf(name))?.testResults ?? [];
    const tests = results.flatMap(({ assertionResults }) => assertionResults);
    const count = (status) => tests.filter((test) => test.status === status).length;
    const deviations = tests
      .filter(({ title, status }) => status === 'passed' && title.includes('[deviation'))
      .map(({ title }) => reasonOf(title));
    console.log(`\nwindows: ${name}: ${count('passed')} passed, ${count('failed')} failed`);
    console.log(`windows: ${deviations.length} of them are deviations, which must fail:`);
    for (const reason of new Set(deviations)) {
      console.log(`  ${deviations.filter((each) => each === reason).length} times: ${reason}`);
    }
  }
  console.log('\nwindows: NOT RUN:');
  for (const each of never) console.log(`  ${each}`);
  const [first = [], second = []] = ['1.3', '1.2'].map((version) => readStaged(stage, `outside-TLSv${version}.json`));
  const outside = first.filter((id) => second.includes(id));
  console.log(
    `  over SChannel, ${outside.length} cases of the kit that the capabilities do not claim: ${outside.join(' ')}`,
  );
}

function reasonOf(title) {
  return title.replace(/^.*\[deviation[^:]*: /, '').replace(/\]$/, '');
}

function readStaged(stage, name) {
  const file = join(stage, name);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function requireDebian() {
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid() !== 0 || !existsSync('/etc/apt')) {
    throw new SetupError(
      'NOTHING WAS RUN: root on Debian or Ubuntu on x64 is needed, to make a root for Wine and enter it',
    );
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`windows: ${error.message}`);
  process.exitCode = 1;
}
