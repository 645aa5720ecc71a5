import type { LibraryServer } from './server.ts';
import { mariadb } from './servers/mariadb.ts';
import { mosquitto } from './servers/mosquitto.ts';
import { postgresql } from './servers/postgresql.ts';
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
  {
    library: 'pg',
    name: 'pg',
    server: postgresql,
    prints: 'hello from postgresql',
    seam: { by: 'the option `stream`' },
  },
  {
    library: 'postgres',
    name: 'postgres',
    server: postgresql,
    prints: 'hello from postgresql',
    seam: { by: 'the option `socket`' },
  },
  {
    library: 'mysql2',
    name: 'mysql2',
    server: mariadb,
    prints: 'hello from mariadb',
    seam: { none: 'TLS begins inside its own protocol, behind a greeting that it reads itself' },
  },
  {
    library: 'mqtt',
    name: 'mqtt',
    server: mosquitto,
    prints: 'hello from mosquitto',
    seam: { by: 'the stream builder of `MqttClient`' },
  },
];
