// grpc-js as the server, which is given TlsSockets, and as the client, whose credentials make them.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { CallCredentials, ChannelCredentials, ServerCredentials } from '@grpc/grpc-js';
import { clientContext, createServer, secure, whenSecure } from '@org/tls-core/node';
import { createGreeterServer, Greeter } from './greeter.mjs';

const [certificateChain, privateKey, trust] = ['CERT', 'KEY', 'CA'].map((name) =>
  readFileSync(process.env[name], 'utf8'),
);
const injector = createGreeterServer().createConnectionInjector(ServerCredentials.createInsecure());
const tls = { identity: { certificateChain, privateKey }, alpnProtocols: ['h2'] };
const server = await createServer({ tls }, (socket) => injector.injectConnection(socket));
await once(server.listen(0, '127.0.0.1'), 'listening');

const context = await clientContext({ trust, alpnProtocols: ['h2'] });
class TlsCredentials extends ChannelCredentials {
  async connect(transport) {
    const socket = secure(transport, { context, serverName: 'localhost' });
    await whenSecure(socket);
    return { socket, secure: true };
  }
  waitForReady = () => Promise.resolve();
  getCallCredentials = () => CallCredentials.createEmpty();
  destroy = () => undefined;
  _isSecure = () => true;
  _equals = (other) => other === this;
  _createSecureConnector = () => this;
}

const client = new Greeter(`localhost:${server.address().port}`, new TlsCredentials());
console.log(await promisify(client.greet.bind(client))('over grpc'));
client.close();
injector.destroy();
server.close();
