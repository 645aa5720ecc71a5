import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { createHttpClient, interceptors, securityOf } from '@org/http-client';
import { ExitCode, UsageError } from './exit-code.ts';
import { printable } from './report-failure.ts';
import { reportSecurity, securityLines } from './report-security.ts';
import { addTlsOptions, clientTls, collect, timeoutSignal, type TlsOptions } from './tls-options.ts';

interface GetOptions extends TlsOptions {
  readonly request?: string;
  readonly header?: readonly string[];
  readonly data?: string;
  readonly servername?: string;
  readonly output?: string;
  readonly http2?: true;
  readonly location?: true;
  readonly fail?: true;
  readonly json?: true;
  readonly verbose?: true;
}

const maxRedirections = 20;

/** The command `tls get URL`: it fetches a URL and, on request, tells how it was secured. */
export function getCommand(outcome: { exitCode: number }): Command {
  const command = new Command('get')
    .description('fetch a URL over HTTPS')
    .argument('<url>', 'https: URL; without a scheme, https: is meant')
    .option('-X, --request <method>', 'HTTP method; default GET, or POST with --data')
    .option('-H, --header <line>', '“Name: value”; may be repeated', collect)
    .option('-d, --data <body>', 'request body; @FILE reads it from a file, @- from stdin')
    .option('--servername <name>', 'the name to ask for and to verify at the URL’s host; default: the host')
    .option('-o, --output <file>', 'write the body to a file')
    .option('-L, --location', `follow up to ${maxRedirections} redirects, never out of https:`)
    .option('--http2', 'offer HTTP/2')
    .option('--fail', `exit with ${ExitCode.httpStatus} when the status is 400 or above`)
    .option('-v, --verbose', 'say on stderr how the connection is secured, and the response headers')
    .option('--json', 'print status, headers, security and body as one JSON document');
  return addTlsOptions(command).action(async (url: string, options: GetOptions) => {
    outcome.exitCode = await get(parseUrl(url), options);
  });
}

async function get(url: URL, options: GetOptions): Promise<ExitCode> {
  const body = options.data === undefined ? undefined : await readBody(options.data);
  const signal = timeoutSignal(options);
  await using client = createHttpClient({
    tls: await clientTls(options),
    allowH2: options.http2 ?? false,
    ...(options.servername === undefined ? {} : { origins: { [url.origin]: { serverName: options.servername } } }),
    interceptors: options.location === true ? [interceptors.redirect({ maxRedirections })] : [],
  });
  const response = await client.request(url, {
    method: (options.request ?? (body === undefined ? 'GET' : 'POST')).toUpperCase(),
    headers: parseHeaders(options.header ?? []),
    ...(body === undefined ? {} : { body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const info = securityOf(response);
  const security = info === undefined ? undefined : reportSecurity(info);
  if (options.verbose === true) {
    for (const line of security === undefined ? [] : securityLines(security)) process.stderr.write(`* ${line}\n`);
    process.stderr.write(`< ${response.statusCode} ${printable(response.statusText)}\n`);
    for (const [name, value] of Object.entries(response.headers))
      process.stderr.write(`< ${printable(`${name}: ${String(value)}`)}\n`);
  }
  if (options.output !== undefined) await pipeline(response.body, createWriteStream(options.output));
  if (options.json === true) {
    const { statusCode: status, statusText, headers } = response;
    const content = options.output === undefined ? asText(await buffer(response.body)) : { output: options.output };
    const report = { url: url.href, status, statusText, headers, security, ...content };
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else if (options.output === undefined) {
    await pipeline(response.body, process.stdout, { end: false });
  }
  return options.fail === true && response.statusCode >= 400 ? ExitCode.httpStatus : ExitCode.ok;
}

/** Gives a body for JSON, in Base64 where it is not UTF-8. */
function asText(body: Buffer): { readonly body: string } | { readonly bodyBase64: string } {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { bodyBase64: body.toString('base64') };
  }
}

function parseUrl(text: string): URL {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(withScheme)) throw new UsageError(`not a URL: ${text}`);
  const url = new URL(withScheme);
  if (url.protocol !== 'https:') throw new UsageError(`expected an https: URL, got ${url.protocol}`);
  return url;
}

/** Gives names and values in turn, as undici takes them. */
function parseHeaders(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new UsageError(`--header: expected “Name: value”, got ${line}`);
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

async function readBody(text: string): Promise<Buffer> {
  if (text === '@-') return buffer(process.stdin);
  if (!text.startsWith('@')) return Buffer.from(text);
  try {
    return await readFile(text.slice(1));
  } catch (error) {
    throw new UsageError(`--data ${text}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
