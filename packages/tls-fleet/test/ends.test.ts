import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('nothing of a fleet keeps a process alive', async () => {
  const program = fileURLToPath(new URL('processes/ends.mjs', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = text(child.stdout);
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  expect([exitCode, await printed]).toEqual([0, '3 4 1']);
});
