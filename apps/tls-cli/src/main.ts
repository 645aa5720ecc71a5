#!/usr/bin/env node
import process from 'node:process';
import { run } from './program.ts';

// The program that reads our stdout may end early (`tls get … | head`), which is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await run(process.argv.slice(2));
