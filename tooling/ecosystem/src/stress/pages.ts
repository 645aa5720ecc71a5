import type { IncomingMessage, ServerResponse } from 'node:http';

/** The bytes of an answer that is never whole. */
export const endless = 4 * 1024 * 1024;

/**
 * Answers a request as its path says: `/whole/N` with N bytes, `/cut/N` with N bytes and then nothing more of the connection, `/reset/N`
 * with N bytes and then a reset, `/silent` not at all.
 */
export function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, habit, size] = (request.url ?? '').split('/');
  const bytes = Buffer.alloc(Number(size ?? 0), 'x');
  request.resume();
  if (habit === 'silent') return;
  if (habit === 'whole') {
    response.end(bytes);
    return;
  }
  response.setHeader('content-length', bytes.length + 1);
  response.write(bytes, () => {
    if (habit === 'reset') request.socket.resetAndDestroy();
    else response.destroy();
  });
}
