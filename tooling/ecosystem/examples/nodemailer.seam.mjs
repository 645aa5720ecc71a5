// nodemailer over a TlsSocket that `getSocket` hands over, to a port where TLS begins at once.
import { readFileSync } from 'node:fs';
import { clientContext, connect } from '@org/tls-core/node';
import { createTransport } from 'nodemailer';

const port = Number(process.env.TLS_PORT);
const tls = await clientContext({ trust: readFileSync(process.env.CA, 'utf8') });
const transport = createTransport({ host: 'localhost', port });
transport.getSocket = (options, callback) => {
  connect({ host: 'localhost', port, tls }).then(
    (connection) => callback(null, { connection, secured: true }),
    callback,
  );
};
const { accepted } = await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', text: 'hello' });
console.log(`accepted for ${accepted.join()}`);
transport.close();
