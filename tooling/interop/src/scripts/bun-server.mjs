// `bun run bun-server.mjs CHAIN KEY`.
const [chain, key] = process.argv.slice(2);
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  tls: { cert: Bun.file(chain), key: Bun.file(key) },
  fetch: () => new Response('hello from bun\n'),
});
console.log(`LISTENING ${server.port}`);
