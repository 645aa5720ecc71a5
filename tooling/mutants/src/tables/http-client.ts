import { mutantsOf, type Mutant } from '../mutant.ts';

const origins = 'packages/http-client/test/origins.test.ts';
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
      find: 'options.serverName(origin) ??',
      replace: '',
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
  ...mutantsOf('packages/http-client/src/server-names.ts', origins, [
    { id: 'name-that-cannot-be-proven', find: 'checkServerName(name);', replace: '', tests: '^options ' },
    {
      id: 'name-for-what-is-no-origin',
      find: "if (!URL.canParse(origin) || new URL(origin).origin !== origin || !origin.startsWith('https:'))",
      replace: 'if (!URL.canParse(origin))',
      tests: '^options ',
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
];
