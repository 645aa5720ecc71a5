import type { LibraryServer } from './server.ts';
import { exim } from './servers/exim.ts';
import { nodeHttps } from './servers/https.ts';
import { mariadb } from './servers/mariadb.ts';
import { mosquitto } from './servers/mosquitto.ts';
import { postgresql } from './servers/postgresql.ts';
import { rabbitmq } from './servers/rabbitmq.ts';
import { redis } from './servers/redis.ts';

/** A program of at most 40 lines that uses one library as its users do. */
export interface Example {
  /** The library's name at npm. */
  readonly library: string;
  /** The program is `examples/NAME.mjs`, and the one with the library's own seam `examples/NAME.seam.mjs`. */
  readonly name: string;
  /** The server that it talks to; none for a program that is both sides. */
  readonly server?: LibraryServer;
  /** The program that it has talk to it, where it is a server only. */
  readonly peer?: string;
  /** All that it prints. */
  readonly prints: string;
  /** It has no option for roots, and Node is given them by its variable NODE_EXTRA_CA_CERTS. */
  readonly trustsByEnvironment?: true;
  /** The library's own way to be given a connection that is secured already, or why it has none. */
  readonly seam: { readonly by: string } | { readonly none: string };
}

export const backends = ['pure', 'native'] as const;
export type BackendName = (typeof backends)[number];

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
  {
    library: 'undici',
    name: 'undici',
    server: nodeHttps,
    prints: 'hello over https',
    seam: { by: 'the option `connect` of `Agent`' },
  },
  {
    library: 'got',
    name: 'got',
    server: nodeHttps,
    prints: 'hello over https',
    seam: { by: 'the option `agent`' },
  },
  {
    library: 'axios',
    name: 'axios',
    server: nodeHttps,
    prints: 'hello over https',
    seam: { by: 'the option `httpsAgent`' },
  },
  {
    library: 'ky',
    name: 'ky',
    server: nodeHttps,
    prints: 'hello over https',
    trustsByEnvironment: true,
    seam: { by: 'the option `fetch`' },
  },
  {
    library: 'node-fetch',
    name: 'node-fetch',
    server: nodeHttps,
    prints: 'hello over https',
    seam: { by: 'the option `agent`' },
  },
  {
    library: 'https-proxy-agent',
    name: 'https-proxy-agent',
    server: nodeHttps,
    prints: 'hello through a proxy',
    seam: { none: 'it calls `tls.connect` itself' },
  },
  {
    library: 'express',
    name: 'express',
    peer: 'curl',
    prints: 'hello from express, https',
    seam: { by: 'its function listens to requests of our server' },
  },
  {
    library: 'fastify',
    name: 'fastify',
    peer: 'curl',
    prints: 'hello from fastify, https',
    seam: { by: 'the option `serverFactory`' },
  },
  {
    library: 'ws',
    name: 'ws',
    prints: 'hello by ws',
    seam: { by: 'the options `server` and `agent`' },
  },
  {
    library: '@grpc/grpc-js',
    name: 'grpc-js',
    prints: 'hello over grpc',
    seam: { by: '`createConnectionInjector`, and credentials with a connector (not documented)' },
  },
  {
    library: 'nodemailer',
    name: 'nodemailer',
    server: exim,
    prints: 'accepted for b@localhost',
    seam: { by: '`getSocket` where TLS begins at once; none for STARTTLS, which it does itself' },
  },
  {
    library: 'smtp-server',
    name: 'smtp-server',
    prints: 'hello to smtp-server',
    seam: { by: 'the event `connection` of its server where TLS begins at once; none for STARTTLS' },
  },
  {
    library: 'amqplib',
    name: 'amqplib',
    server: rabbitmq,
    prints: 'hello from rabbitmq',
    seam: { none: 'it calls `tls.connect` itself' },
  },
];
