// Runs the cases of crypto providers in Node, Bun or Deno, in a bundle: `crypto-in-process.js RUNTIME`. It prints what `in-process.js` does.
import { cryptoCases } from './crypto-cases.ts';
import { runKit } from './kit.ts';
import { leftOutOf, type Runtime } from './left-out.ts';

const [, , runtime] = process.argv as unknown as [string, string, Runtime];

for await (const report of runKit(cryptoCases, 'default', leftOutOf(runtime, cryptoCases)))
  console.log(JSON.stringify(report));
console.log('[]');
