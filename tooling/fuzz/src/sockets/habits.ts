import type { TlsSocket } from '@org/tls-core/node';

/** What a program does with the socket that its server gave it. */
export const serverHabits = {
  /** Sends back what it gets, and ends when the client does. */
  echoes: (socket) => {
    socket.on('data', (chunk: Buffer) => socket.write(chunk));
    socket.on('end', () => socket.end());
  },
  'reads by pulling': (socket) => {
    socket.on('readable', () => {
      for (let chunk = read(socket); chunk !== undefined; chunk = read(socket)) socket.write(chunk);
    });
    socket.on('end', () => socket.end());
  },
  'echoes by a pipe': (socket) => socket.pipe(socket),
  'does not read': () => undefined,
  'ends at once': (socket) => socket.resume().end('no'),
  'destroys at once': (socket) => socket.destroy(),
  'destroys in the middle': (socket) => socket.once('data', () => socket.destroy()),
} as const satisfies Readonly<Record<string, (socket: TlsSocket) => unknown>>;
export type ServerHabit = keyof typeof serverHabits;

/** The habits with which a client gets back what it sent. */
export const faithfulHabits: readonly ServerHabit[] = ['echoes', 'reads by pulling', 'echoes by a pipe'];

/** What a client does. Those clients that ask wait for the whole answer. */
export const clientHabits = ['asks', 'asks in small pieces', 'does not read', 'leaves at once'] as const;
export type ClientHabit = (typeof clientHabits)[number];

function read(socket: TlsSocket): Buffer | undefined {
  return (socket.read() as Buffer | null) ?? undefined;
}
