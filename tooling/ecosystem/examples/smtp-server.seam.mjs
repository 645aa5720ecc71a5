// smtp-server behind our server, and nodemailer over a TlsSocket that `getSocket` hands over; TLS begins at once.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { connect, createServer } from '@org/tls-core/node';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

const [certificateChain, privateKey, trust] = ['CERT', 'KEY', 'CA'].map((name) =>
  readFileSync(process.env[name], 'utf8'),
);
const smtp = new SMTPServer({
  secure: true,
  secured: true,
  authOptional: true,
  onData: (message, session, callback) => {
    text(message)
      .then((mail) => console.log(/^Subject: (.*)$/m.exec(mail)[1]))
      .then(() => callback(), callback);
  },
});
const tls = { identity: { certificateChain, privateKey } };
const server = await createServer({ tls }, (socket) => smtp.server.emit('connection', socket));
await once(server.listen(0, '127.0.0.1'), 'listening');

const { port } = server.address();
const transport = createTransport({ host: 'localhost', port });
transport.getSocket = (options, callback) => {
  connect({ host: 'localhost', port, tls: { trust } }).then(
    (connection) => callback(null, { connection, secured: true }),
    callback,
  );
};
await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', subject: 'hello to smtp-server' });
server.close();
