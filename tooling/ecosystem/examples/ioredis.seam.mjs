// ioredis over a TlsSocket that its option `Connector` hands over.
import { readFileSync } from 'node:fs';
import { clientContext, connect } from '@org/tls-core/node';
import { AbstractConnector, Redis } from 'ioredis';

const tls = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });

class TlsConnector extends AbstractConnector {
  constructor({ host, port, disconnectTimeout }) {
    super(disconnectTimeout);
    this.target = { host, port };
  }

  async connect() {
    this.connecting = true;
    this.stream = await connect({ ...this.target, tls });
    return this.stream;
  }
}

const client = new Redis({ host: 'localhost', port: Number(process.env.PORT), Connector: TlsConnector });
await client.set('greeting', 'hello from redis');
console.log(await client.get('greeting'));
await client.quit();
