// Runs the kit in Node, Bun or Deno: `in-process.js RUNTIME CRYPTO`. It prints one line of JSON for each case, and an empty list at the end.
import { cases } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import { runKit, type Crypto } from './kit.ts';
import { leftOut, type Runtime } from './left-out.ts';

const [, , runtime, crypto] = process.argv as unknown as [string, string, Runtime, Crypto];

for await (const report of runKit([...cases, ...nodeCases], crypto, leftOut[runtime]))
  console.log(JSON.stringify(report));
console.log('[]');
