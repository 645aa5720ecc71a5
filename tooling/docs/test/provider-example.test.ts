import { runBlock, testBlocks } from './code-blocks.ts';

// The example of tls-crypto’s README is a test file: what it registers when it is imported are tests of this one.
const [code = ''] = await testBlocks('packages/tls-crypto/README.md');
await runBlock('tls-crypto-provider', code, {});
