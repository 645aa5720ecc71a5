import { mutantsOf, type Mutant } from '../mutant.ts';

const origins = 'packages/http-client/test/origins.test.ts';
const secrets = 'packages/http-client/test/proxy-secrets.test.ts';
const hostile = 'packages/http-client/test/hostile-proxies.test.ts';
const environment = 'packages/http-client/test/environment-proxy.test.ts';
const fetching = 'packages/http-client/test/fetch.test.ts';
const earlyData = 'packages/http-client/test/early-data.test.ts';
const resumption = 'packages/http-client/test/resumption.test.ts';

/** Checks of the HTTP client (RFC 9110 §4.3.4, RFC 9112 §9.8). */
export const httpClientMutants: readonly Mutant[] = [
  ...mutantsOf('packages/http-client/src/tls-connector.ts', origins, [
    {
      id: 'name-of-the-host-header',
      find: 'const destination = destinationOf(target);',
      replace:
        'const destination = { ...destinationOf(target), ...(target.servername && { host: target.servername }) };',
    },
    {
      id: 'name-for-any-origin',
      find: 'options.settingsOf(origin);',
      replace: "options.settingsOf('');",
    },
    {
      id: 'http-that-was-not-allowed',
      find: 'if (!options.allowHttp) throw plainHttpRefused(target);',
      replace: '',
      killedBy: fetching,
      tests: 'refuses http: URLs',
    },
  ]),
  ...mutantsOf('packages/http-client/src/response-security.ts', fetching, [
    {
      id: 'redirect-out-of-tls',
      find: 'if (!secured && record?.wasSecured !== false) {',
      replace: 'if (!secured && record === undefined) {',
      tests: 'out of TLS',
    },
    {
      id: 'redirect-out-of-tls-through-the-dispatcher',
      find: 'if (!secured && record?.wasSecured !== false) {',
      replace: 'if (!secured && record?.wasSecured === true) {',
      killedBy: origins,
    },
  ]),
  ...mutantsOf('packages/http-client/src/http-client.ts', fetching, [
    {
      id: 'dispatcher-that-goes-around-the-backend',
      find: "if (propertyOf(options, 'dispatcher') !== undefined) {",
      replace: 'if (false) {',
      tests: 'without a backend',
    },
    {
      id: 'agent-options-that-are-not-obeyed',
      find: 'const agentOptions = readAgentOptions(options.agent);',
      replace: 'const agentOptions = options.agent;',
      killedBy: origins,
      tests: '^options ',
    },
  ]),
  ...mutantsOf('packages/http-client/src/routes/origins.ts', origins, [
    {
      id: 'name-that-cannot-be-proven',
      find: 'if (serverName !== undefined) checkServerName(serverName);',
      replace: '',
      tests: '^options ',
    },
    {
      id: 'name-for-what-is-no-origin',
      find: 'if (!URL.canParse(origin) || new URL(origin).origin !== origin || !/^https?:/u.test(origin))',
      replace: 'if (!URL.canParse(origin))',
      tests: '^options ',
    },
  ]),
  ...mutantsOf('packages/http-client/src/proxy-authorization.ts', secrets, [
    {
      id: 'credentials-of-a-proxy-for-an-origin',
      find: "if (!hasField(options.headers, ['proxy-authorization'])) return",
      replace: 'if (true) return',
      tests: 'Proxy-Authorization is refused',
    },
  ]),
  ...mutantsOf('packages/http-client/src/routes/proxy-server.ts', secrets, [
    {
      id: 'trust-and-identity-for-a-proxy',
      find: 'const { tls = {}, serverName',
      replace: 'const { tls = clientTls ?? {}, serverName',
      tests: 'a proxy of https:',
    },
    {
      id: 'proxy-that-proves-any-name',
      find: 'serverName = url.host } = options;',
      replace: "serverName = 'localhost' } = options;",
      tests: 'a proxy of https:',
    },
  ]),
  ...mutantsOf('packages/http-client/src/routes/http-tunnel.ts', hostile, [
    {
      id: 'tunnel-that-was-refused',
      find: 'if (statusCode < 200 || statusCode > 299) throw',
      replace: 'if (statusCode === 407) throw',
      tests: 'forbids it',
    },
    {
      id: 'what-a-proxy-sent-in-an-error',
      find: '`${proxy.route} gives no answer of HTTP to CONNECT: ${code}`);',
      replace: '`${proxy.route} gives no answer of HTTP to CONNECT: ${code}`, { cause: error });',
      tests: 'says what it was told',
    },
  ]),
  ...mutantsOf('packages/http-client/src/routes/socks-tunnel.ts', hostile, [
    {
      id: 'password-in-an-error-of-socks',
      find: "return new Kind(proxy.route, 'ERR_TLS_PROXY', message);",
      replace: "return new Kind(proxy.route, 'ERR_TLS_PROXY', message, { cause: error });",
      tests: 'SOCKS proxy that refuses',
    },
  ]),
  ...mutantsOf('packages/http-client/src/routes/environment-proxy.ts', environment, [
    {
      id: 'proxy-that-a-request-names',
      find: "if (environment['REQUEST_METHOD'] === undefined)",
      replace: 'if (true)',
      tests: 'httpoxy',
    },
    {
      id: 'proxy-that-makes-no-sense',
      find: 'checkProxy({ url }, found.name);',
      replace: '',
      tests: 'what cannot be',
    },
    {
      id: 'this-machine-through-a-proxy',
      find: 'if (isLoopback(host) || isExcepted',
      replace: 'if (isExcepted',
      tests: 'without a proxy',
    },
  ]),
  ...mutantsOf('packages/http-client/src/kept-sessions.ts', resumption, [
    {
      id: 'session-of-another-origin',
      find: 'return JSON.stringify([origin, serverName, route]);',
      replace: 'return serverName;',
      tests: 'not used for another',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/memory-session-store.ts', 'packages/tls-core/test/memory-session-store.test.ts', [
    {
      id: 'kept-session-that-is-over',
      find: 'now < Math.min(each.expiresAt, each.receivedAt + this.#lifetime)',
      replace: 'now > 0',
    },
    {
      id: 'sessions-without-end',
      find: 'while (this.#size > this.#maxSessions) this.#forgetOldest();',
      replace: '',
    },
    {
      id: 'session-that-is-given-twice',
      find: 'const taken = sessions.pop();',
      replace: 'const taken = sessions.at(-1);',
    },
  ]),
  ...mutantsOf('packages/http-client/src/early-socket.ts', 'packages/http-client/test/early-socket.test.ts', [
    { id: 'early-data-behind-the-gate', find: 'return this.#isOpen && this.isEarly;', replace: 'return this.isEarly;' },
    {
      id: 'early-data-for-another-protocol',
      find: 'taken.alpnProtocol === info.alpnProtocol',
      replace: 'info.alpnProtocol !== undefined',
      killedBy: earlyData,
      tests: 'chose another protocol',
    },
  ]),
  ...mutantsOf('packages/http-client/src/response-security.ts', earlyData, [
    {
      id: 'early-request-that-changes-something',
      find: "return record.mayBeEarly && isBare && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS');",
      replace: 'return record.mayBeEarly && isBare;',
      tests: 'waits for the handshake',
    },
    {
      id: 'early-request-with-a-body',
      find: 'const isBare =\n    (body === undefined || body === null) &&',
      replace: 'const isBare =',
      tests: 'waits for the handshake',
    },
  ]),
  ...mutantsOf('packages/http-client/src/unprocessed-requests.ts', earlyData, [
    {
      id: 'early-data-after-425',
      find: 'if (isTooEarly) record.mayBeEarly = false;',
      replace: '',
      tests: 'after 425 a request',
    },
    {
      id: 'stream-that-is-sent-twice',
      find: 'if (record === undefined || !isRepeatable(options.body)) return dispatch(options, handler);',
      replace: 'if (record === undefined) return dispatch(options, handler);',
      tests: 'a stream cannot be',
    },
    {
      id: 'early-request-again-to-another-server',
      find: "return family !== 'certificate' && family !== 'misuse' && family !== 'backend';",
      replace: 'return true;',
      tests: 'cannot prove itself',
    },
  ]),
  ...mutantsOf('packages/http-client/src/secured-client.ts', 'packages/http-client/test/requests/deadlines.test.ts', [
    {
      id: 'call-that-was-given-up-in-the-queue',
      find: 'if (record?.isGivenUp === true) {',
      replace: 'if (record?.isGivenUp === undefined) {',
      tests: 'too long at a proxy',
    },
  ]),
  ...mutantsOf('packages/http-client/src/http2-session.ts', 'packages/http-client/test/http2-connections.test.ts', [
    {
      id: 'body-that-a-reset-has-cut',
      find: 'if (received < expected)',
      replace: 'if (Number.isNaN(received))',
      tests: 'ends by a reset with NO_ERROR is not whole',
    },
    {
      id: 'reset-in-place-of-a-response',
      find: 'let expected = Number.POSITIVE_INFINITY;',
      replace: 'let expected = 0;',
      tests: 'in place of a response',
    },
  ]),
];
