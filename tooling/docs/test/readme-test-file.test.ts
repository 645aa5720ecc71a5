import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRoot } from '@org/pki';
import { afterAll } from 'vitest';
import { codeBlocks, runBlock } from './code-blocks.ts';

// One example of the README is a test file: what it registers when it is imported are tests of this one.
const root = await createRoot();
const leaf = await root.issue({ names: ['localhost'] });
const folder = await mkdtemp(join(tmpdir(), 'tls-docs-'));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, 'root.pem'), root.certificatePem);
await writeFile(join(folder, 'localhost.pem'), leaf.chainPem);
await writeFile(join(folder, 'localhost.key'), leaf.privateKeyPem);

const [, , , , code = ''] = await codeBlocks('README.md');
await runBlock('readme-test-file', code, { changes: { "'certs/": `'${folder}/` } });
