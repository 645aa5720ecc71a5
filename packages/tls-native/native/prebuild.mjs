// Copies the built addon to where the published package has it: prebuilds/<platform>-<arch>/tls_native.node.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const built = join(root, 'build', 'Release', 'tls_native.node');
const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`);

if (!existsSync(built)) throw new Error(`${built} is not there: build it first (pnpm build)`);
mkdirSync(folder, { recursive: true });
copyFileSync(built, join(folder, 'tls_native.node'));
