import { afterAll } from 'vitest';
import { codeBlocks, runBlock } from './code-blocks.ts';
import { makeExampleCertificates, readFrom } from './example-certificates.ts';

// Some examples are test files: what they register when they are imported are tests of this one.
const certificates = await makeExampleCertificates();
afterAll(() => certificates.remove());

const [, , , , ofReadme = ''] = await codeBlocks('README.md');
await runBlock('readme-test-file', ofReadme, { changes: readFrom(certificates) });

const [library = '', , ofLibrary = ''] = await codeBlocks('docs/start/library.md');
await runBlock('start-library', library, {});
const changes = { ...readFrom(certificates), "'../src/greeter.ts'": "'./start-library.ts'" };
await runBlock('start-library-test-file', ofLibrary, { changes });
