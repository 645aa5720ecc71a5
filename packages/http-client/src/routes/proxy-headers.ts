import { badValue, wrongType } from '@org/tls-core/backend';
import type { Login } from './proxy-login.ts';
import type { ProxyOptions } from './proxy-options.ts';

/**
 * Makes the fields that each CONNECT to a proxy has.
 * @throws TypeError on a field that is not the program's to choose, TlsError `ERR_TLS_CONFIG` on one that cannot be sent
 */
export function readProxyHeaders(
  { headers = {}, token }: ProxyOptions,
  login: Login | undefined,
  where: string,
): Readonly<Record<string, string>> {
  const authorization = authorizationOf(login, token, where);
  const fields = new Map(authorization === undefined ? [] : [['proxy-authorization', authorization]]);
  if (typeof headers !== 'object' || headers === null) throw wrongType(`${where}.headers`, 'an object', headers);
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    if (typeof value !== 'string') throw wrongType(`${where}.headers`, 'values that are strings', value);
    if (!fieldName.test(name)) throw badValue(`${where}.headers`, 'expected names that are tokens (RFC 9110 §5.1)');
    if (!fieldValue.test(value)) throw badValue(`${where}.headers`, `expected a value of ${name} as in RFC 9110 §5.5`);
    if (ofConnect.has(name)) throw new TypeError(`${where}.headers: ${name} is chosen by the client`);
    if (fields.has(name)) throw new TypeError(`${where}.headers: ${name} is given twice`);
    fields.set(name, value);
  }
  return Object.freeze(Object.fromEntries(fields));
}

function authorizationOf(login: Login | undefined, token: unknown, where: string): string | undefined {
  if (token === undefined)
    return login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  if (typeof token !== 'string') throw wrongType(`${where}.token`, 'a string', token);
  if (!bearerToken.test(token)) throw badValue(`${where}.token`, 'expected a token as in RFC 6750 §2.1');
  return `Bearer ${token}`;
}

const bearerToken = /^[\w.~+/-]+=*$/u;
const fieldName = /^[!#$%&'*+.^_`|~\da-z-]+$/u;
const fieldValue = /^[\t\u0020-\u007E\u0080-\u00FF]*$/u;

/** These say where the tunnel leads and how the connection is used. A CONNECT has no body (RFC 9110 §9.3.6). */
const ofConnect: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
