// smtp-server as the server and nodemailer as the client, over TLS that begins with STARTTLS.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

const smtp = new SMTPServer({
  cert: readFileSync(process.env.CERT),
  key: readFileSync(process.env.KEY),
  authOptional: true,
  onMailFrom: (address, { secure }, callback) => callback(secure ? null : new Error('only over TLS')),
  onData: (message, session, callback) => {
    text(message)
      .then((mail) => console.log(/^Subject: (.*)$/m.exec(mail)[1]))
      .then(() => callback(), callback);
  },
});
await once(smtp.listen(0, '127.0.0.1'), 'listening');

const transport = createTransport({
  host: 'localhost',
  port: smtp.server.address().port,
  requireTLS: true,
  tls: { ca: readFileSync(process.env.CA) },
});
await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', subject: 'hello to smtp-server' });
transport.close();
smtp.close();
