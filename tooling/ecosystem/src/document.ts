import { readFileSync } from 'node:fs';
import path from 'node:path';
import { backends, examples, type Example } from './examples.ts';

/** The page docs/ecosystem.md: every statement in it about a library is one that a test has run. */
export function document(): string {
  return `# Libraries, unpatched

Each library below runs as it comes from npm, in a program of at most 40 lines
([tooling/ecosystem/examples](../tooling/ecosystem/examples)), against a server of others or, where that says "itself", with both sides in
one program. \`npm test\` runs every program on this machine's Node:

- over node:tls, which proves the server and the program;
- with \`node --import @org/node-tls/register\`, which changes no line of it. With a CA that did not issue the certificate it has to fail;
- where the library has a way to be given a connection, by that way without \`register\`.

That Node's own TLS did nothing in the last two is proven by its key log, which stays empty.

| library | talks to | with \`register\` | by its own seam | the seam |
| --- | --- | --- | --- | --- |
${examples.map(row).join('\n')}

Not run: \`mongodb\`. Neither Debian nor npm has a server for it that is installed as it is: the packages at npm download one from elsewhere.

\`npm run test:nodes ecosystem\` does all this under the other versions of Node that are supported.

## Requests that go wrong

\`pnpm --filter @org/ecosystem stress\` does 5,000 requests for each backend, half over the API of tls-core and half over node-tls. A seed draws
for each how it goes: whole, aborted by the client or the server before or in the answer, reset over TLS or below it, half-closed by
close_notify or by TCP, or stalled in the handshake, the request or the answer. Both sides are in one process, in which afterwards nothing may
be left: no connection, no active resource but the server, no socket that the garbage collector does not take, no listener more, and no more
memory than compiled code takes. \`npm test\` does 400. With \`--seed 14\`, on two cores that were busy:

| backend | over | requests | handshakes that were done | left | memory, bytes a request |
| --- | --- | --- | --- | --- | --- |
| pure | tls-core | 2,500 | 1,706 | nothing | 299 |
| pure | node-tls | 2,500 | 1,717 | nothing | 390 |
| native | tls-core | 2,500 | 1,970 | nothing | -11 |
| native | node-tls | 2,500 | 1,962 | nothing | 145 |

What grows is compiled code: heap snapshots of pure after 1,200 and after 4,000 requests differ in code and its tables alone.

\`pnpm --filter @org/ecosystem stress:client\` does as much with \`@org/http-client\`: 5,000 requests for each backend, shared by the versions of HTTP
and by two ways, straight to the origin and through a proxy by CONNECT. The origin answers, cuts, resets, half-closes, stalls, or gives up a stream or a
connection of HTTP/2; the proxy refuses, resets, hangs up, stalls or talks junk, or does so to the tunnel; the client aborts before, in and behind
headers and uploads, or leaves a body unread. Origin and proxy are in a process of their own, and a relay of TCP before the origin cuts, resets and
half-closes. After each quarter the client is closed, and then nothing of it may be left, as above. With \`--seed 1\`, on
two cores that were busy; of two numbers the first is of Node 20.20 and the second of Node 24.21:

| backend | HTTP | way | requests | whole answers | left | memory, bytes a request |
| --- | --- | --- | --- | --- | --- | --- |
| pure | 1.1 | direct | 1,250 | 370, 351 | nothing, nothing | 271, -1177 |
| pure | 1.1 | proxied | 1,250 | 154, 160 | nothing, nothing | 113, 151 |
| pure | 2 | direct | 1,250 | 226, 243 | nothing, nothing | -121, -1228 |
| pure | 2 | proxied | 1,250 | 97, 118 | nothing, nothing | -12, 222 |
| native | 1.1 | direct | 1,250 | 401, 394 | nothing, nothing | 108, 57 |
| native | 1.1 | proxied | 1,250 | 181, 176 | nothing, nothing | 64, -19 |
| native | 2 | direct | 1,250 | 198, 236 | nothing, nothing | 20, 74 |
| native | 2 | proxied | 1,250 | 102, 91 | nothing, nothing | 86, 36 |

Requests over HTTP/2 share connections, so that each one that is cut takes others with it. node:http2 of Node 20 can crash where a connection is
torn down; an origin that does is started anew, counted and told (\`lost\`), and more than three of them fail the run. None was lost in these.

\`vitest run -u\` in tooling/ecosystem writes this page.
`;
}

function row(example: Example): string {
  const { library, server, peer, seam } = example;
  const version = versions[library] ?? '';
  const bySeam = 'by' in seam ? backends.join(', ') : 'none';
  const how = 'by' in seam ? seam.by : seam.none;
  return `| ${library} ${version} | ${server?.name ?? peer ?? 'itself'} | ${backends.join(', ')} | ${bySeam} | ${how} |`;
}

const manifest = path.join(import.meta.dirname, '..', 'package.json');
const { devDependencies: versions } = JSON.parse(readFileSync(manifest, 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};
