// got over TlsSockets that an agent hands over.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { clientContext, secure } from '@org/tls-core/node';
import { got } from 'got';

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8'), alpnProtocols: ['http/1.1'] });

class TlsAgent extends Agent {
  protocol = 'https:';
  createConnection({ host, port }) {
    return secure(connect(port, host), { context, serverName: host });
  }
}

const answer = await got
  .post(`https://localhost:${process.env.PORT}/`, {
    json: { greeting: 'hello over https' },
    agent: { https: new TlsAgent() },
  })
  .json();
console.log(answer.greeting);
