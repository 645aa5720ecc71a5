import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import send from 'send';
import { folderListing } from './folder-listing.ts';

/** A request of either version of HTTP, and the response to it. */
export interface Exchange {
  readonly request: IncomingMessage | Http2ServerRequest;
  readonly response: ServerResponse | Http2ServerResponse;
}

/** What a request's path leads to. */
type Target =
  | { readonly kind: 'file' | 'listing'; readonly path: string }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'refused'; readonly status: 400 | 404 };

const notFound: Target = { kind: 'refused', status: 404 };

/**
 * Answers GET and HEAD from a folder; `send` handles conditional requests and ranges. It never gives out what is outside the folder once
 * all symbolic links are followed, nor anything whose name begins with a dot.
 * @throws Error when the folder does not exist, or is not a folder
 */
export async function folderHandler(folder: string, listing: boolean): Promise<(exchange: Exchange) => void> {
  const root = await realpath(folder);
  if (!(await stat(root)).isDirectory()) throw new Error(`${folder} is not a folder`);
  return (exchange) => {
    answer(exchange, root, listing).catch(() => refuse(exchange, 500));
  };
}

async function answer(exchange: Exchange, root: string, listing: boolean): Promise<void> {
  const { request, response } = exchange;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return refuse(exchange, 405);
  }
  response.setHeader('x-content-type-options', 'nosniff');
  const target = await findTarget(request.url ?? '', root, listing);
  switch (target.kind) {
    case 'refused':
      return refuse(exchange, target.status);
    case 'redirect':
      response.setHeader('location', target.location);
      return refuse(exchange, 301);
    case 'listing':
      return sendListing(exchange, root, target.path);
    case 'file':
      return sendFile(exchange, root, target.path);
  }
}

async function findTarget(url: string, root: string, listing: boolean): Promise<Target> {
  const [encodedPath = ''] = url.split('?', 1);
  const segments = decodeSegments(encodedPath);
  if (segments === undefined) return { kind: 'refused', status: 400 };
  if (segments.some((segment) => segment.startsWith('.'))) return notFound;
  const found = await inside(root, path.join(root, ...segments));
  if (found === undefined) return notFound;
  const asFolder = encodedPath.endsWith('/');
  if (!found.isDirectory) return asFolder ? notFound : { kind: 'file', path: found.path };
  // There must be one slash in front only, because two would name another host.
  if (!asFolder) return { kind: 'redirect', location: `/${segments.map(encodeURIComponent).join('/')}/` };
  const index = await inside(root, path.join(found.path, 'index.html'));
  if (index !== undefined && !index.isDirectory) return { kind: 'file', path: index.path };
  return listing ? { kind: 'listing', path: found.path } : notFound;
}

/** Decodes the path's parts; `undefined` when it is no path. A part that would decode to more than one part is not allowed. */
function decodeSegments(encodedPath: string): readonly string[] | undefined {
  if (!encodedPath.startsWith('/')) return undefined;
  try {
    const segments = encodedPath
      .split('/')
      .map(decodeURIComponent)
      .filter((segment) => segment !== '');
    // oxlint-disable-next-line no-control-regex -- NUL ends a path for the operating system
    return segments.some((segment) => /[/\\\u0000]/.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

async function inside(
  root: string,
  wanted: string,
): Promise<{ readonly path: string; readonly isDirectory: boolean } | undefined> {
  try {
    const real = await realpath(wanted);
    if (real !== root && !real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return undefined;
    return { path: real, isDirectory: (await stat(real)).isDirectory() };
  } catch {
    return undefined;
  }
}

function sendFile({ request, response }: Exchange, root: string, file: string): void {
  const relative = path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/');
  // The types of `send` are for HTTP/1.1, but it uses only what both versions have in common.
  send(request as IncomingMessage, `/${relative}`, { root, dotfiles: 'ignore', index: false })
    .on('error', (error: { readonly status?: number }) => refuse({ request, response }, error.status ?? 500))
    .on('directory', () => refuse({ request, response }, 404))
    .pipe(response as ServerResponse);
}

async function sendListing({ request, response }: Exchange, root: string, folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const page = folderListing(`/${path.relative(root, folder).split(path.sep).join('/')}`, entries);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(page));
  // No script may run in this page, whatever the names of files hold.
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
  response.end(request.method === 'HEAD' ? '' : page);
}

function refuse({ response }: Exchange, status: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `${status}\n`;
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(body));
  response.end(body);
}
