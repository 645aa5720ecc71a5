// Secures a connection of Deno's own by @org/tls-core/web, sends a line and prints what comes back.
// Arguments: the port, and the file of the certificate to trust.
import { connect } from '@org/tls-core/web';
import { createBackend } from '@org/tls-pure';

const [port, trustFile] = Deno.args;
const address = { hostname: 'localhost', port: Number(port) };
const transport = await Deno.connect({ ...address, hostname: '127.0.0.1' });
const tls = createBackend().createClientContext({ trust: Deno.readTextFileSync(trustFile) });
const socket = connect(address, { transport, tls });
const { security } = await socket.opened;
const writer = socket.writable.getWriter();
await writer.write(new TextEncoder().encode('over Deno'));
await writer.close();
let answer = '';
for await (const chunk of socket.readable) answer += new TextDecoder().decode(chunk);
await socket.closed;
console.log(security.protocol, answer);
