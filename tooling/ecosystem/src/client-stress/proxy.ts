import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Random } from '@org/fuzz/random';

/** Answers to CONNECT that open no tunnel. One in four asks gets one of them. */
const answers = [
  'refuses',
  'asks-for-a-login',
  'resets',
  'hangs-up',
  'half-closes',
  'stalls',
  'talks-junk',
  'stops',
] as const;
/** What becomes of a tunnel; a half of them are honest. */
const ends = ['honest', 'honest', 'honest', 'honest', 'resets', 'cuts', 'half-closes', 'stalls'] as const;

/** A proxy for CONNECT (RFC 9110 §9.3.6) that does with each connection what the seed draws for it. */
export function createProxy(seed: number): Server {
  let count = 0;
  const proxy = createServer();
  proxy.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    count += 1;
    const random = new Random(seed, count);
    client.on('error', () => undefined);
    if (random.oneIn(4)) refuse(client, random.pick(answers));
    else openTunnel(request, { client, head, random });
  });
  return proxy.on('clientError', (_error, socket) => socket.destroy());
}

function refuse(client: Socket, answer: (typeof answers)[number]): void {
  switch (answer) {
    case 'refuses':
      return void client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nsorry');
    case 'asks-for-a-login':
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
    case 'resets':
      return void client.resetAndDestroy();
    case 'hangs-up':
      return void client.destroy();
    case 'half-closes':
      return void client.end();
    case 'stalls':
      return void client.resume();
    case 'talks-junk':
      return void client.write('this is no HTTP\r\n\r\n');
    case 'stops':
      return void client.end('HTTP/1.1 200 Conn');
  }
}

function openTunnel(
  request: IncomingMessage,
  { client, head, random }: { readonly client: Socket; readonly head: Buffer; readonly random: Random },
): void {
  const { hostname, port } = new URL(`http://${request.url ?? ''}`);
  const origin = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  origin.on('error', () => client.destroy());
  origin.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    origin.write(head);
    client.pipe(origin);
    origin.pipe(client);
  });
  client.once('close', () => origin.destroy());
  origin.once('close', () => client.destroy());
  const end = random.pick(ends);
  if (end === 'honest') return;
  const atByte = random.below(20_000);
  let relayed = 0;
  origin.on('data', (chunk: Buffer) => {
    relayed += chunk.length;
    if (relayed <= atByte) return;
    if (end === 'resets') client.resetAndDestroy();
    if (end === 'cuts') client.destroy();
    if (end === 'half-closes') client.end();
    if (end === 'stalls') origin.unpipe(client).pause();
  });
}
