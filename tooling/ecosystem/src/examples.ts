import type { LibraryServer } from './server.ts';
import { redis } from './servers/redis.ts';

/** A program of at most 40 lines that uses one library as its users do. */
export interface Example {
  /** The library's name at npm. */
  readonly library: string;
  /** The program is `examples/NAME.mjs`, and the one with the library's own seam `examples/NAME.seam.mjs`. */
  readonly name: string;
  /** The server that it talks to; none for a program that is both sides. */
  readonly server?: LibraryServer;
  /** All that it prints. */
  readonly prints: string;
  /** The library's own way to be given a connection that is secured already, or why it has none. */
  readonly seam: { readonly by: string } | { readonly none: string };
}

export const examples: readonly Example[] = [
  {
    library: 'redis',
    name: 'redis',
    server: redis,
    prints: 'hello from redis',
    seam: { none: 'it calls `tls.connect` itself' },
  },
  {
    library: 'ioredis',
    name: 'ioredis',
    server: redis,
    prints: 'hello from redis',
    seam: { by: 'the option `Connector`' },
  },
];
