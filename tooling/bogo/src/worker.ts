import { createServer, type Socket } from 'node:net';
import { runShim } from './shim.ts';
import { subjectName, subjectNamed } from './subjects.ts';
import { unimplementedExitCode } from './unimplemented.ts';

/** The message that the worker sends once, when it listens. */
export interface Ready {
  /** What the backend runs on, where that is another library. */
  readonly implementation: string | undefined;
}

/** A warm process: the launcher makes a connection for each test and sends its arguments; many tests run at once. */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('expected the path of a socket');

const subject = subjectNamed(subjectName);
const backend = subject.create();
const server = createServer({ allowHalfOpen: true }, (socket) => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    const request = Buffer.concat(chunks);
    if (request.length < 4 || request.length < 4 + request.readUInt32LE(0)) return;
    socket.removeAllListeners('data');
    void answer(socket, request.subarray(4));
  });
  socket.on('error', () => socket.destroy());
});
const ready: Ready = { implementation: subject.implementation?.() };
server.listen(path, () => process.send?.(ready));
process.on('disconnect', () => process.exit(0));

async function answer(socket: Socket, request: Buffer): Promise<void> {
  const args = request.toString('latin1').split('\0').slice(0, -1);
  const { stdout, stderr, exitCode } = await runShim(backend, args);
  if (exitCode === unimplementedExitCode) process.send?.({ unimplemented: stderr.split('\n')[0] ?? '' });
  const status = Buffer.alloc(4);
  status.writeInt32LE(exitCode);
  socket.end(Buffer.concat([block(stdout), block(stderr), status]));
}

function block(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}
