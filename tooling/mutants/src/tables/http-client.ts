import { mutantsOf, type Mutant } from '../mutant.ts';

const origins = 'packages/http-client/test/origins.test.ts';
const secrets = 'packages/http-client/test/proxy-secrets.test.ts';
const hostile = 'packages/http-client/test/hostile-proxies.test.ts';
const environment = 'packages/http-client/test/environment-proxy.test.ts';
const fetching = 'packages/http-client/test/fetch.test.ts';

/** Checks of the HTTP client (RFC 9110 §4.3.4, RFC 9112 §9.8). */
export const httpClientMutants: readonly Mutant[] = [
  ...mutantsOf('packages/http-client/src/tls-connector.ts', origins, [
    {
      id: 'name-of-the-host-header',
      find: 'return connectSecured(options, destination, attempt.signal);',
      replace:
        'return connectSecured(options, { ...destination, host: target.servername || destination.host }, attempt.signal);',
    },
    {
      id: 'name-for-any-origin',
      find: 'options.settingsOf(destination.origin);',
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
];
