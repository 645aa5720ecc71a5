#!/usr/bin/env node
import process from 'node:process';
import { run } from './program.ts';

// Whoever reads our stdout may have had enough (`tls get … | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await run(process.argv.slice(2));
