// The native backend over SChannel: node.exe under Wine, OpenSSL outside of it. Arguments go to vitest.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot } from '@org/pki';
import { SetupError } from './command.mjs';
import { never } from './not-run.mjs';
import { startPeerHost } from './peer-host.mjs';
import { fillStage } from './staging.mjs';
import { priorityFile, wineRoot } from './wine-root.mjs';
import { runInWine } from './wine.mjs';

const limit = 20 * 60 * 1000;

/** What is run under each Wine. */
const runs = [
  { wine: 10, script: ['node_modules/vitest/vitest.mjs', 'run'], takesArguments: true },
  // vitest's bundler does not load there
  { wine: 8, script: ['test/old-wine.mjs'], takesArguments: false },
];

async function main(vitestArguments) {
  requireDebian();
  const roots = new Map(runs.map(({ wine }) => [wine, wineRoot(wine)]));
  const folder = mkdtempSync(join(tmpdir(), 'tls-windows-'));
  const stage = join(folder, 'stage');
  const authorities = join(folder, 'authorities.pem');
  const peers = await startPeerHost();
  const failures = [];
  try {
    fillStage(stage);
    await writeAuthority(authorities, stage);
    for (const { wine, script, takesArguments } of runs) {
      console.log(`\n=== Wine ${wine}`);
      const status = await runInWine(roots.get(wine), {
        outputFile: join(folder, `output-${wine}`),
        timeout: limit,
        folder: stage,
        authorities,
        env: { PEER_HOST: peers.url, GNUTLS_SYSTEM_PRIORITY_FILE: priorityFile },
        command: ['wine', 'node.exe', ...script, ...(takesArguments ? vitestArguments : [])],
      });
      if (status !== 0) failures.push(`Wine ${wine}: ended with ${status ?? 'a signal'}`);
    }
    report(stage);
  } finally {
    await peers.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const failure of failures) console.error(`windows: FAILED under ${failure}`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** A CA that the system trusts, alone, and a server's certificate from it. */
async function writeAuthority(file, stage) {
  const root = await createRoot({ commonName: 'CA that the system trusts' });
  const { chainPem, privateKeyPem } = await root.issue({ names: ['localhost'] });
  writeFileSync(file, root.certificatePem);
  const leaf = { chainPem, privateKeyPem };
  writeFileSync(join(stage, 'system-root.json'), JSON.stringify({ certificatePem: root.certificatePem, leaf }));
}

function report(stage) {
  const file = join(stage, 'report.json');
  if (existsSync(file)) {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(file, 'utf8'));
    const titles = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ title }) => title));
    const deviations = titles.filter((title) => title.includes('[deviation: '));
    console.log(`\nwindows: ${numPassedTests} passed, ${numFailedTests} failed under Wine 10`);
    console.log(`windows: ${deviations.length} of them are deviations, which must fail:`);
    for (const title of deviations) console.log(`  ${title}`);
  }
  const kit = join(stage, 'not-run.json');
  const cases = existsSync(kit) ? JSON.parse(readFileSync(kit, 'utf8')) : [];
  console.log('windows: NOT RUN:');
  for (const each of [...never, ...cases]) console.log(`  ${each}`);
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
