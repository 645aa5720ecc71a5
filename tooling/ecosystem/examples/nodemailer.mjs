// nodemailer over TLS that begins with STARTTLS.
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';

const transport = createTransport({
  host: 'localhost',
  port: Number(process.env.PORT),
  requireTLS: true,
  tls: { ca: readFileSync(process.env.CA) },
});
const { accepted } = await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', text: 'hello' });
console.log(`accepted for ${accepted.join()}`);
transport.close();
