import { rm } from 'node:fs/promises';
import { afterAll } from 'vitest';
import { codeBlocks, runBlock } from './code-blocks.ts';
import { makeExampleCertificates, readFrom } from './example-certificates.ts';

// Some examples are test files: what they register when they are imported are tests of this one.
const folder = await makeExampleCertificates();
afterAll(() => rm(folder, { recursive: true }));

const [, , , , ofReadme = ''] = await codeBlocks('README.md');
await runBlock('readme-test-file', ofReadme, { changes: readFrom(folder) });

const [library = '', , ofLibrary = ''] = await codeBlocks('docs/start/library.md');
await runBlock('start-library', library, {});
const changes = { ...readFrom(folder), "'../src/greeter.ts'": "'./start-library.ts'" };
await runBlock('start-library-test-file', ofLibrary, { changes });
