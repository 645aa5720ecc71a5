import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BootstrapError, outputOf, run } from './run.mjs';

/** The archives of pnpm 12.18.0 as they were when it was chosen. */
const integrity = {
  'node_modules/pnpm':
    'sha512-nXiC1dyCFH7PxOBiqjSDTgrQKWcQoYN6ERWuASEn02txCeMhrBWYod0KZVl2gbHpmRfhLtDXSerpEYeUM2O+sw==',
  'node_modules/@pnpm/exe.linux-x64':
    'sha512-OJ+X2wcraldCwj75pCIerWARQSRpdfj0eBTs/2ODyhfeW46ylOnjTIE/GKra6Mn6E72/gBmXS8igrUioa+F9fQ==',
  'node_modules/@pnpm/exe.linux-arm64':
    'sha512-2dpyVBCHT+FfpuQh9i+7MXAqNWYLCvD5vYr5p6Eimxoga8USLnjbUgyj72AOrO0hjc5ri3TEFP3jiyBHjkSZpQ==',
  'node_modules/@pnpm/exe.linux-x64-musl':
    'sha512-Uj+vzfIQ62kDP10x36yHZIXVs5ohdNtiPYwn5FhCLlNScHPo0OAI+ShGDtLofiBXKE7umu71Jmjm7N8a8zVcDw==',
};

/**
 * Puts the pnpm that package.json names on this process's PATH, getting it through npm where it is missing.
 * @throws BootstrapError when npm fails or an archive is not the pinned one
 */
export function ensurePnpm(root) {
  const wanted = wantedVersion(root);
  if (outputOf('pnpm', ['--version']) === wanted) return;
  const folder = join(root, '.bootstrap');
  process.env.PATH = `${join(folder, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
  if (isInstalled(folder, wanted)) return;
  console.log(`bootstrap: getting pnpm ${wanted} through npm`);
  install(folder, wanted);
  const found = outputOf('pnpm', ['--version']);
  if (found !== wanted)
    throw new BootstrapError(`expected pnpm ${wanted} in .bootstrap, got ${found ?? 'none that runs'}`);
}

function wantedVersion(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return packageManager.replace(/^pnpm@/, '').replace(/\+.*$/, '');
}

function isInstalled(folder, wanted) {
  return existsSync(join(folder, 'node_modules', '.package-lock.json')) && outputOf('pnpm', ['--version']) === wanted;
}

/** pnpm's own install script puts its binary in place; npm versions that do not run it are helped. */
function install(folder, version) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ name: 'bootstrap', private: true })}\n`);
  run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error', `pnpm@${version}`],
    {
      cwd: folder,
      env: cleanEnvironment(),
    },
  );
  checkIntegrity(folder);
  run(process.execPath, ['install.js'], { cwd: join(folder, 'node_modules', 'pnpm') });
}

function checkIntegrity(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
  for (const [path, archive] of Object.entries(packages)) {
    const pinned = integrity[path];
    if (pinned === archive.integrity) continue;
    rmSync(folder, { recursive: true, force: true });
    if (pinned !== undefined) throw new BootstrapError(`${path}: expected ${pinned}, got ${archive.integrity}`);
    throw new BootstrapError(
      `${path}: no archive is pinned for this platform; install pnpm ${archive.version} yourself`,
    );
  }
}

/** npm run sets npm_config_* for the workspace's root; the install here is of another project. */
function cleanEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_(local_)?prefix|config_global_prefix)/.test(name),
  );
  return Object.fromEntries(kept);
}
