// `deno run --allow-net --allow-read deno-server.mjs CHAIN KEY`.
const [chain, key] = Deno.args;
Deno.serve(
  {
    port: 0,
    hostname: '127.0.0.1',
    cert: Deno.readTextFileSync(chain),
    key: Deno.readTextFileSync(key),
    onListen: ({ port }) => console.log(`LISTENING ${port}`),
  },
  () => new Response('hello from deno\n'),
);
