import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { suiteOf, usualScene } from '../endpoint.ts';
import type { Case, DrivingClient, Workload } from '../workload.ts';

interface Parameters {
  readonly concurrent: number;
  readonly bodyLength: number;
}

export const workload: Workload<Parameters> = {
  id: 'http',
  about:
    '@org/http-client over each backend, and undici over node:tls as its baseline, to one server of node:https over connections that are kept',
  unit: 'request',
  measures: 'rate',
  warmUp: 4000,
  cases: [requests(16, '1 KiB', 1024), requests(1, '1 KiB', 1024), requests(16, '64 KiB', 65_536)],
  async listen({ chain, key }, { bodyLength }) {
    const body = Buffer.alloc(bodyLength, 'x');
    const server = createServer(
      { cert: chain, key, ciphers: suiteOf(usualScene), noDelay: true, keepAliveTimeout: 60_000 },
      (_, response) => {
        response.end(body);
      },
    );
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
  async drive(client, { concurrent, bodyLength }, amount) {
    const request = await requesterFor(client, concurrent);
    let left = amount;
    const worker = async (): Promise<void> => {
      while ((left -= 1) >= 0) {
        const { length } = await request();
        if (length !== bodyLength) throw new Error(`expected a body of ${bodyLength} bytes, got ${length}`);
      }
    };
    await Promise.all(Array.from({ length: concurrent }, worker));
  },
};

function requests(concurrent: number, size: string, bodyLength: number): Case<Parameters> {
  return {
    name: `${concurrent} concurrent, bodies of ${size}`,
    scene: usualScene,
    least: concurrent,
    parameters: { concurrent, bodyLength },
  };
}

type Requester = () => Promise<{ readonly length: number }>;

const requesters = new WeakMap<DrivingClient, Requester>();

async function requesterFor(client: DrivingClient, connections: number): Promise<Requester> {
  const known = requesters.get(client);
  if (known !== undefined) return known;
  const url = `https://localhost:${client.port}/`;
  const made =
    client.backend === undefined
      ? await undiciOver(client, url, connections)
      : await ourClient(client, url, connections);
  requesters.set(client, made);
  return made;
}

async function undiciOver({ ca }: DrivingClient, url: string, connections: number): Promise<Requester> {
  const { Agent, request } = await import('undici');
  const dispatcher = new Agent({ connections, connect: { ca, minVersion: 'TLSv1.3' } });
  return async () => {
    const { body } = await request(url, { dispatcher });
    return { length: (await body.arrayBuffer()).byteLength };
  };
}

async function ourClient({ ca, backend }: DrivingClient, url: string, connections: number): Promise<Requester> {
  if (backend === undefined) throw new Error('it has no backend');
  const { createHttpClient } = await import('@org/http-client');
  const http = createHttpClient({ tls: { backend, trust: ca, minVersion: 'TLSv1.3' }, agent: { connections } });
  return async () => {
    const { body } = await http.request(url);
    return { length: (await body.arrayBuffer()).byteLength };
  };
}
