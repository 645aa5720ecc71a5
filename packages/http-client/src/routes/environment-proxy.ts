import { isLoopback, readNoProxy } from './no-proxy.ts';
import { checkProxy } from './proxy-server.ts';

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads which proxy the environment names, once. For `https:` origins that is `https_proxy`, `HTTPS_PROXY`, `all_proxy` or `ALL_PROXY`, for
 * `http:` origins `http_proxy`, `HTTP_PROXY` and the same; the first that is not empty counts. A value without a scheme means `http:`.
 * `no_proxy` or `NO_PROXY` names the hosts that are reached without a proxy, and so are those of this machine, whatever it says.
 * `HTTP_PROXY` is passed over in a CGI program, where a request's `Proxy` header makes it (httpoxy).
 * @returns a function that gives the URL of an origin's proxy, or `none`; an option `proxy` may be made of it
 * @throws TlsError `ERR_TLS_CONFIG` on a value that cannot be, of which the message names the variable and shows no credentials
 */
export function environmentProxy(environment: Environment = process.env): (origin: string) => string {
  const byScheme = new Map([
    ['https:', proxyIn(environment, ['https_proxy', 'HTTPS_PROXY', ...forAll])],
    ['http:', proxyIn(environment, [...namesForHttp(environment), ...forAll])],
  ]);
  if ([...byScheme.values()].every((proxy) => proxy === undefined)) return () => 'none';
  const exceptions = firstOf(environment, ['no_proxy', 'NO_PROXY']);
  const isExcepted = readNoProxy(exceptions?.value ?? '', exceptions?.name ?? 'NO_PROXY');
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin);
    const host = hostname.replace(/^\[|\]$/gu, '');
    const usualPort = protocol === 'https:' ? 443 : 80;
    if (isLoopback(host) || isExcepted({ host, port: port === '' ? usualPort : Number(port) })) return 'none';
    return byScheme.get(protocol) ?? 'none';
  };
}

const forAll = ['all_proxy', 'ALL_PROXY'] as const;

/** Windows does not tell the two from each other. */
function namesForHttp(environment: Environment): readonly string[] {
  if (environment['REQUEST_METHOD'] === undefined) return ['http_proxy', 'HTTP_PROXY'];
  return process.platform === 'win32' ? [] : ['http_proxy'];
}

function proxyIn(environment: Environment, names: readonly string[]): string | undefined {
  const found = firstOf(environment, names);
  if (found === undefined) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//iu.test(found.value) ? found.value : `http://${found.value}`;
  checkProxy({ url }, found.name);
  return url;
}

function firstOf(
  environment: Environment,
  names: readonly string[],
): { readonly name: string; readonly value: string } | undefined {
  return names.map((name) => ({ name, value: environment[name]?.trim() ?? '' })).find(({ value }) => value !== '');
}
