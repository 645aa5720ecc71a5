// Runs the cases of an entry of the kit in Node, Bun or Deno: `in-process.js RUNTIME CRYPTO ENTRY`. It prints one line of JSON for each case,
// and an empty list at the end.
import { cases } from '@org/tls-conformance';
import { nodeCases } from '@org/tls-conformance/node';
import { runKit, type Crypto } from './kit.ts';
import { leftOutOf, type Runtime } from './left-out.ts';

const [, , runtime, crypto, entry] = process.argv as unknown as [string, string, Runtime, Crypto, '.' | './node'];
const chosen = entry === '.' ? cases : nodeCases;

for await (const report of runKit(chosen, crypto, leftOutOf(runtime, chosen))) console.log(JSON.stringify(report));
console.log('[]');
