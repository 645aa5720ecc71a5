// A program that has all that a fleet has, and nothing else to do: it ends.
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { derivedTicketKeys, memoryTicketKeys, watchTicketKeyFiles } from '@org/tls-fleet';
import { redisFleet } from '@org/tls-fleet/redis';
import { leadWorkers } from '@org/tls-fleet/workers';

const secret = randomBytes(32);
const file = join(tmpdir(), `tls-fleet-${process.pid}.key`);
writeFileSync(file, randomBytes(80));
const fleet = await redisFleet({ redis: () => Promise.reject(new Error('gone')), secret, onWarning: () => undefined });
fleet.sharedValue({ name: 'a', make: () => new Promise(() => undefined) });
const parts = [fleet, await leadWorkers(), await watchTicketKeyFiles({ paths: [file] })];
rmSync(file);
process.stdout.write(
  `${parts.length} ${derivedTicketKeys({ secret }).current().length} ${memoryTicketKeys().current().length}`,
);
