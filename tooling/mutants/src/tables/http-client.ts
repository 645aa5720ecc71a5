import { mutantsOf, type Mutant } from '../mutant.ts';

const origins = 'packages/http-client/test/origins.test.ts';
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
];
