// Calls the addon's functions in random order with random arguments, also from within its own callbacks, and with handshakes in between
// so that engines are in every state. Every call has to give a value or an exception; the process must not end.
//   node test/scripts/border-fuzz.mjs SEED ROUNDS        prints one line of JSON: what was called how often, and what came of it
// The environment: PEMS as handshake.mjs takes them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import { isMainThread, Worker, workerData as own } from 'node:worker_threads';
import { OwnError, randomOf, strangeValues } from './border-values.mjs';

const [seed, rounds] = isMainThread ? process.argv.slice(2).map(Number) : [own.seed, own.rounds];
const addon = createRequire(import.meta.url)('../../build/Release/tls_native.node');
const pems = JSON.parse(process.env.PEMS);
const random = randomOf(seed);
const counts = { crypto: 0, calls: 0, thrown: 0, done: 0, asked: 0, failed: 0, later: 0, inside: 0 };
const returned = {};

const library = addon.load('', 0);
const der = (pem) => new Uint8Array(new X509Certificate(pem).raw);
const chain = pems.chain
  .split(/(?<=-----END CERTIFICATE-----\n)/)
  .filter((pem) => pem.includes('BEGIN'))
  .map(der);
const key = new Uint8Array(createPrivateKey(pems.key).export({ type: 'pkcs8', format: 'der' }));

/** Handles of each kind, the newest last; old ones are dropped, and the collector frees them. */
const pools = { trust: [], credential: [], context: [], engine: [] };
/** Of an engine: its peer, what waits for it, and what it was asked. */
const lives = new WeakMap();
let depth = 0;

const strange = strangeValues(random, () => {
  if (depth > 3) return;
  counts.inside += 1;
  callAny();
});

function keep(kind, handle) {
  if (typeof handle !== 'object' || handle === null || 'fault' in handle) return undefined;
  pools[kind].push(handle);
  if (pools[kind].length > 8) pools[kind].splice(random.below(4), 1);
  return handle;
}

/** Nearly always a handle of this kind, and sometimes of another. */
function handle(kind) {
  const other = random.in(4) ? random.one(Object.keys(pools)) : kind;
  return random.one(pools[other]) ?? {};
}

/** What is expected, or something else. */
function or(value) {
  return random.in(3) ? random.one(strange)() : value();
}

function some(list) {
  return list.filter(() => random.in(80));
}

function contextOptions(isServer) {
  const versions = random.one([
    [0x303, 0x303],
    [0x304, 0x304],
    [0x303, 0x304],
  ]);
  const options = {
    offload: random.in(40),
    isServer,
    minVersion: versions[0],
    maxVersion: versions[1],
    cipherSuites: library.cipherSuites,
    groups: library.groups,
    signatureSchemes: library.signatureSchemes,
    securityLevel: -1,
    ownSignatureSchemes: library.signatureSchemes,
    alpn: random.in(30) ? Uint8Array.of(2, 104, 50) : new Uint8Array(),
    keyLog: random.in(30),
    verify: isServer ? random.one([0, 0, 1]) : 2,
    revocationCheck: random.below(3),
    revocationOfLeaf: random.in(50),
    acceptsUnknownStatus: random.in(50),
    resumesBySystem: random.in(50),
    acceptAny: random.in(30),
    provenChains: random.one([0, 1, 256]),
    askClientHello: random.in(30),
    askCertificate: random.in(30),
    askVerify: random.in(30),
    hasTicketKeys: isServer && random.in(30),
    askEarlyData: isServer && random.in(30),
    requestOcsp: random.in(20),
    fallback: !isServer && random.in(5),
    requireSecureRenegotiation: isServer || !random.in(5),
    postQuantumRetry: isServer && random.in(50),
    requirePsk: isServer && random.in(5),
    maxEarlyData: isServer && random.in(50) ? 16_384 : 0,
    tickets: random.one([0, 1, 2]),
    sessionLifetimeSeconds: 7200,
    sessionRules: new Uint8Array(32),
    replayScope: random.bytes(random.in(50) ? 16 : 0),
    authorities: [],
    credentials: isServer && random.in(95) ? [identity] : [],
    preSharedKeys: [],
  };
  if (random.in(10)) options[random.one(Object.keys(options))] = random.one(strange)();
  return options;
}

function engineOptions() {
  const options = { serverName: 'localhost', isAddress: false, sessionAge: 0, earlyData: false, now: Date.now() };
  const session = random.one(sessions);
  if (session !== undefined && random.in(50)) {
    options.session = random.in(90) ? session : random.bytes(session.length);
    options.earlyData = random.in(50);
  }
  if (random.in(10)) options.alpn = or(() => Uint8Array.of(2, 104, 50));
  if (random.in(30)) options.ticketKeys = or(() => [random.bytes(random.in(90) ? 80 : 79)]);
  if (random.in(10)) options[random.one(Object.keys(options))] = random.one(strange)();
  return options;
}

const sessions = [];

function answer() {
  // a getter that calls the addon in the middle of the call
  if (random.in(10)) return strange.at(-1)();
  const given = {};
  if (random.in(5)) given.alert = or(() => random.one([40, 42, 80, 90]));
  if (random.in(50)) given.credential = or(() => identity);
  if (random.in(20)) given.signature = or(() => random.bytes(random.one([0, 70, 512, 5000])));
  if (random.in(20)) given.declines = or(() => random.in(50));
  if (random.in(30)) given.ticketKeys = or(() => [random.bytes(random.in(90) ? 80 : 79)]);
  if (random.in(20)) given.ocspResponse = or(() => random.bytes(100));
  if (random.in(20)) given.path = or(() => some(chain));
  return given;
}

/** What waits for an engine, in pieces, changed now and then. */
function inputOf(engine) {
  const waiting = lives.get(engine)?.waiting ?? [];
  const bytes = waiting.shift();
  if (bytes === undefined) return random.bytes(random.one([0, 1, 5, 200]));
  const cut = random.in(20) ? random.below(bytes.length + 1) : bytes.length;
  if (cut < bytes.length) waiting.unshift(bytes.subarray(cut));
  const piece = Uint8Array.from(bytes.subarray(0, cut));
  if (random.in(1) && piece.length > 0) piece[random.below(piece.length)] ^= 1 << random.below(8);
  return piece;
}

let lastNumber = 0;
const under = new Map();
function number(engine) {
  lastNumber += 1;
  under.set(lastNumber, engine);
  return lastNumber;
}

/** What came of a step. */
function take(engine, outcome) {
  if (typeof outcome !== 'object' || outcome === null) return;
  const life = lives.get(engine);
  if (life !== undefined) life.isAsked = outcome.question !== undefined;
  if (outcome.isHandshakeDone) {
    counts.done += 1;
    if (life !== undefined) life.isOpen = true;
  }
  if (outcome.question !== undefined) counts.asked += 1;
  if (outcome.fault !== undefined) counts.failed += 1;
  for (const { state } of outcome.sessions ?? []) sessions.splice(random.below(4), 1, state);
  if (outcome.ciphertext === undefined || life === undefined) return;
  const peer = lives.get(life.peer);
  if (peer !== undefined && peer.waiting.length < 50) peer.waiting.push(outcome.ciphertext);
}

const bytes = () => random.bytes(random.one([0, 1, 100, 20_000]));
const room = () => new Uint8Array(random.one([0, 1, 100, 21_000]));
const label = () => 'EXPORTER-fuzz';

/** Each function's arguments, the handle of its engine first. */
const calls = {
  load: () => [or(() => ''), or(() => random.below(3))],
  loadCrypto: () => [],
  createTrustStore: () => [or(() => [der(pems.root)]), or(() => false)],
  createCredential: () => [or(() => chain), or(() => key), random.in(30) ? or(() => [0x403]) : undefined],
  describeCredential: () => [handle('credential')],
  forgetKeys: () => [],
  subjectPublicKeyInfo: () => [or(() => random.one(chain))],
  createContext: () => {
    const isServer = random.in(50);
    return [or(() => contextOptions(isServer)), isServer && random.in(50) ? undefined : handle('trust')];
  },
  createEngine: () => [handle('context'), or(engineOptions)],
  listen: () => [() => undefined],
  start: (engine) => [engine],
  receive: (engine) => [engine, or(() => inputOf(engine))],
  resume: (engine) => [engine, or(answer)],
  startLater: (engine) => [engine, or(() => number(engine))],
  receiveLater: (engine) => [engine, or(() => number(engine)), or(() => inputOf(engine))],
  resumeLater: (engine) => [engine, or(() => number(engine)), or(answer)],
  send: (engine) => [engine, or(bytes)],
  receiveInto: (engine) => [engine, or(() => inputOf(engine)), or(room)],
  sendInto: (engine) => [engine, or(bytes), or(room)],
  sendEarly: (engine) => [engine, or(bytes)],
  close: (engine) => [engine],
  updateKeys: (engine) => [engine],
  fail: (engine) => [engine, or(() => random.one([80, 90]))],
  exportKeyingMaterial: (engine) => [engine, or(label), or(() => undefined), or(() => 32)],
  exportEarlyKeyingMaterial: (engine) => [engine, or(label), or(bytes), or(() => 32)],
  facts: (engine) => [engine],
  peerChain: (engine) => [engine],
  release: (engine) => [engine],
};
const missing = Object.keys(addon).filter((name) => !(name in calls));
if (missing.length > 0) throw new Error(`the fuzzer does not know ${missing.join(', ')}`);

const made = {
  createTrustStore: 'trust',
  createCredential: 'credential',
  createContext: 'context',
  createEngine: 'engine',
};

/** @returns what it gave; `undefined`: it threw */
function call(name, args) {
  counts.calls += 1;
  depth += 1;
  try {
    const value = addon[name](...args);
    returned[name] = (returned[name] ?? 0) + 1;
    if (made[name] !== undefined) return keep(made[name], value);
    if (args[0] !== undefined && lives.has(args[0])) take(args[0], value);
    return value;
  } catch (error) {
    // nothing else may come out: no text, no number, no `undefined`
    if (!(error instanceof Error)) throw error;
    counts.thrown += 1;
    return undefined;
  } finally {
    depth -= 1;
  }
}

const crypto = addon.loadCrypto();
const cryptoCalls = Object.keys(crypto).filter((name) => typeof crypto[name] === 'function');
const cryptoHandles = [];

/** One of the crypto provider's functions, with whatever comes: numbers, bytes, its handles in each other's place. */
function callCrypto() {
  const kinds = [
    () => random.below(4),
    () => random.one(cryptoHandles) ?? {},
    () => random.bytes(random.one([0, 1, 12, 16, 32, 65, 97, 1184, 4096])),
    () => Int32Array.from({ length: 10 }, () => random.one([0, 5, 16, 21, 4096, -1, 2 ** 31 - 1])),
    () => undefined,
    random.one(strange),
  ];
  const name = random.one(cryptoCalls);
  counts.crypto += 1;
  try {
    const value = crypto[name](...Array.from({ length: random.below(9) }, () => random.one(kinds)()));
    if (typeof value === 'object' && value !== null) cryptoHandles.push(value);
    if (cryptoHandles.length > 32) cryptoHandles.splice(random.below(16), 1);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
}

function callAny() {
  if (random.in(30)) callCrypto();
  // mostly of the newest connection, so that handshakes come to their end
  const engine = random.in(60) ? (random.one(pools.engine.slice(-2)) ?? {}) : handle('engine');
  const name = random.in(80) ? nextOf(engine) : random.one(Object.keys(calls));
  // engines that are gone have no more to tell
  if (name === 'release' && random.in(80)) return;
  call(name, calls[name](engine));
}

/** What brings an engine further. */
function nextOf(engine) {
  const life = lives.get(engine);
  if (life === undefined) return random.one(Object.keys(calls));
  const later = life.isOffloaded && random.in(95) ? 'Later' : '';
  if (!life.isStarted) {
    life.isStarted = true;
    return `start${later}`;
  }
  if (life.isAsked) return `resume${later}`;
  if (life.waiting.length > 0) return `receive${life.isOpen ? random.one(['', 'Into']) : later}`;
  return random.one(['send', 'sendInto', 'facts', 'exportKeyingMaterial', 'updateKeys', 'peerChain', 'close']);
}

/** A client and a server that speak to each other. */
function makePair() {
  const [client, server] = [false, true].map((isServer) => {
    const options = contextOptions(isServer);
    const context = call('createContext', [options, root]);
    if (context === undefined) return undefined;
    const engine = call('createEngine', [context, engineOptions()]);
    if (engine !== undefined) lives.set(engine, { waiting: [], isOffloaded: options.offload });
    return engine;
  });
  if (client === undefined || server === undefined) return;
  lives.get(client).peer = server;
  lives.get(server).peer = client;
}

addon.listen((of, outcome) => {
  counts.later += 1;
  const engine = under.get(of);
  under.delete(of);
  if (engine !== undefined) take(engine, outcome);
  if (random.in(20)) callAny();
  if (random.in(2)) throw new OwnError('of the listener');
});
process.on('uncaughtException', (error) => {
  if (error instanceof OwnError) return;
  console.error(error);
  process.exit(1);
});

const root = call('createTrustStore', [[der(pems.root)], false]);
const identity = call('createCredential', [chain, key, undefined]);
const worker = isMainThread ? runWorker() : undefined;
for (let round = 0; round < rounds; round += 1) {
  if (round % 40 === 0) makePair();
  callAny();
  if (round % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
}
if (worker !== undefined) {
  const code = await worker;
  if (code !== 0) throw new Error(`the worker ended with ${code}`);
  console.log(JSON.stringify({ ...counts, returned }));
}

/** The same in another environment of the process, at the same time. */
function runWorker() {
  const workerData = { seed: seed + 1000, rounds: rounds / 4 };
  return new Promise((resolve) => new Worker(new URL(import.meta.url), { workerData }).once('exit', resolve));
}
