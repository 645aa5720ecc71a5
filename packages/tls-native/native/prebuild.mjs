// Puts the built addon, without its symbols, where node-gyp-build looks for it in the published package: in prebuilds/<platform>-<arch>/,
// with the names of prebuildify. A slash in a package's name becomes a plus there, and the C library is a tag.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'build', 'Release', 'tls_native.node');
const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const tag = process.platform === 'linux' ? '.glibc' : '';
const binary = join(folder, `${name.replace('/', '+')}${tag}.node`);

if (!existsSync(built)) throw new Error(`${built} is not there: build it first (pnpm build)`);
rmSync(folder, { recursive: true, force: true }); // a file under an older name would be a candidate too
mkdirSync(folder, { recursive: true });
const { status, error } = spawnSync('strip', ['--strip-all', '-o', binary, built], { stdio: 'inherit' });
if (status !== 0) throw new Error(`strip failed (${error?.message ?? status}); on Debian: apt-get install binutils`);
console.log(`tls-native: ${binary.slice(root.length + 1)}, ${statSync(binary).size} bytes`);
