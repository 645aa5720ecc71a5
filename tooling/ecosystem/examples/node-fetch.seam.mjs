// node-fetch over TlsSockets that an agent hands over.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { clientContext, secure } from '@org/tls-core/node';
import fetch from 'node-fetch';

const context = await clientContext({ trust: readFileSync(process.env.CA, 'utf8'), alpnProtocols: ['http/1.1'] });

class TlsAgent extends Agent {
  protocol = 'https:';
  createConnection({ host, port }) {
    return secure(connect(port, host), { context, serverName: host });
  }
}

const body = JSON.stringify({ greeting: 'hello over https' });
const response = await fetch(`https://localhost:${process.env.PORT}/`, { method: 'POST', body, agent: new TlsAgent() });
console.log((await response.json()).greeting);
