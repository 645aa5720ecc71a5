import { mutantsOf, type Mutant } from '../mutant.ts';

const closing = 'packages/tls-core/test/closing.test.ts';
const transport = 'packages/tls-core/test/transport.test.ts';
const reading = 'packages/tls-core/test/reading.test.ts';
const lentMemory = 'packages/tls-core/test/lent-memory.test.ts';
const connect = 'packages/tls-core/test/connect.test.ts';
const http = 'tooling/interop/test/http-entry.test.ts';
const web = 'tooling/interop/test/web-entry.test.ts';

/** Checks of sockets, and of what every engine holds. */
export const socketMutants: readonly Mutant[] = [
  ...mutantsOf('packages/tls-core/src/backend/held-input.ts', 'packages/tls-core/test/held-input.test.ts', [
    { id: 'held-input-without-end', find: 'if (length > maxHeldInput) {', replace: 'if (false) {' },
  ]),
  ...mutantsOf('packages/tls-core/src/backend/lent-memory.ts', lentMemory, [
    {
      id: 'batch-beside-lent-memory',
      find: 'return batch.buffer === lent.buffer && at >= 0 && at < lent.length;',
      replace: 'return batch.buffer === lent.buffer;',
    },
    {
      id: 'batch-behind-the-beginning-of-lent-memory',
      find: 'return batch.buffer === lent.buffer && at >= 0 && at < lent.length;',
      replace: 'return batch.buffer === lent.buffer && at === 0;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/tls-stream.ts', closing, [
    {
      id: 'goodbye-of-an-error',
      find: 'if (error === null && this.#hasSentAll()) isSaid',
      replace: 'if (this.#hasSentAll()) isSaid',
    },
    {
      id: 'goodbye-before-all-is-sent',
      find: 'return hasWritten && !this.#isTransportFull;',
      replace: 'return true;',
    },
    {
      id: 'goodbye-of-a-reset',
      find: 'if (this.#info === undefined || this.#isReset || this.#isTransportLeft) return false;',
      replace: 'if (this.#info === undefined || this.#isTransportLeft) return false;',
    },
    {
      id: 'engine-that-is-flooded',
      find: "if (this.#engine.isInputHeld) this.#inbound.pauseFor('engine');",
      replace: '',
      killedBy: reading,
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/tls-stream.ts', 'packages/tls-core/test/tls-stream.test.ts', [
    {
      id: 'write-that-overtakes-others',
      find: 'if (length === 0 || length >= this.writableHighWaterMark || this.writableLength > 0) return false;',
      replace: '',
    },
    {
      id: 'goodbye-behind-what-a-peer-does-not-read',
      find: 'return hasWritten && !this.#isTransportFull;',
      replace: 'return hasWritten;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/socket-writer.ts', lentMemory, [
    {
      id: 'memory-that-is-lent-twice',
      find: 'if (length > memoryLength || this.#isLent) return undefined;',
      replace: 'if (length > memoryLength) return undefined;',
    },
    {
      id: 'memory-that-a-slow-peer-is-sent-from',
      find: 'this.#writeNow(memory.subarray(this.#start, this.#end));\n      this.#pin();',
      replace: 'this.#writeNow(memory.subarray(this.#start, this.#end));',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/reader-delivery.ts', lentMemory, [
    {
      id: 'memory-of-a-program-that-wants-nothing',
      find: 'return this.#stream.readableFlowing === true && this.#stream.readableLength === 0',
      replace: 'return this.#stream.readableLength === 0',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/plain-socket.ts', transport, [
    {
      id: 'socket-that-somebody-listens-to',
      find: "return duplex.listenerCount('data') + duplex.listenerCount('readable') === 0;",
      replace: 'return true;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/inbound-flow.ts', reading, [
    {
      id: 'engine-that-is-flooded-by-a-reader',
      find: 'if (this.#sated.size === 0) this.#transport.resume();',
      replace: 'this.#transport.resume();',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/take-duplex.ts', transport, [
    { id: 'transport-of-two-sockets', find: 'if (taken.has(duplex)) throw', replace: 'if (false) throw' },
    {
      id: 'transport-that-has-lost-bytes',
      find: 'if (encoding !== null && encoding !== bytesAsText && duplex.readableLength > 0) {',
      replace: 'if (false) {',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/connect.ts', connect, [
    { id: 'target-that-is-refused-too-late', find: 'checkTarget({ context, ...target });', replace: '' },
  ]),
  ...mutantsOf('packages/tls-core/src/node/connect.ts', 'packages/tls-core/test/socket-options.test.ts', [
    {
      id: 'pipe-without-a-name-to-prove',
      find: 'if (path !== undefined && serverName === undefined)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/tls-stream.ts', 'packages/tls-core/test/http2-order.test.ts', [
    {
      id: 'body-that-overtakes-its-headers',
      find: 'if (!this.#hasTurns) return undefined;',
      replace: 'return undefined;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/http/https-agent.ts', http, [
    {
      id: 'request-with-a-trust-of-its-own',
      find: 'if (refused === undefined) return;',
      replace: 'return;',
    },
    {
      id: 'name-of-a-host-header',
      find: "serverName: this.#serverName ?? host ?? 'localhost'",
      replace: "serverName: this.#serverName ?? (options as ConnectionOptions).servername ?? host ?? 'localhost'",
    },
  ]),
  ...mutantsOf('packages/tls-core/src/http/connect-http2.ts', http, [
    { id: 'http2-that-was-not-chosen', find: "if (socket.alpnProtocol !== 'h2') {", replace: 'if (false) {' },
  ]),
  ...mutantsOf('packages/tls-core/src/web/byte-streams.ts', web, [
    {
      id: 'tls-beside-a-reader-in-the-clear',
      find: 'if (readable.locked || writable.locked)',
      replace: 'if (false)',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/web/secured-streams.ts', web, [
    {
      id: 'truncation-of-web-streams',
      find: 'this.#callEngine(() => this.#engine.receiveEnd());',
      replace: 'this.#peerClosed();',
    },
    {
      id: 'reader-who-is-flooded',
      find: 'this.#info === undefined || this.#isCancelled || (this.#output?.desiredSize ?? 0) > 0;',
      replace: 'true;',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/node/peer-certificate.ts', 'packages/tls-core/test/surface.test.ts', [
    {
      id: 'chain-that-was-only-sent',
      find: 'for (const der of peer?.verifiedPath.slice(1) ?? []) {',
      replace: 'for (const der of peer?.chain.slice(1) ?? []) {',
    },
  ]),
  ...mutantsOf('packages/tls-core/src/server-name.ts', 'packages/tls-conformance/test/pure.test.ts', [
    {
      id: 'name-that-cannot-be-verified',
      find: "if (isIpAddress(serverName) || isHostName(serverName.replace(/\\.$/, ''))) return;",
      replace: 'return;',
      tests: '^pure as client and server option/server-name',
    },
  ]),
];
