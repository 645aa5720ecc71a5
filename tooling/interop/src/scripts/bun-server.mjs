// `bun run bun-server.mjs CHAIN KEY VERSION CLIENT-CA`; it ignores VERSION.
const [chain, key, , clientCa] = process.argv.slice(2);
const clients = clientCa && { ca: Bun.file(clientCa), requestCert: true, rejectUnauthorized: true };
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  tls: { cert: Bun.file(chain), key: Bun.file(key), ...clients },
  fetch: () => new Response('hello from bun\n'),
});
console.log(`LISTENING ${server.port}`);
