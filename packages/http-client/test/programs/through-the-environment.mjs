// Makes one request and prints its body, or the code of its failure and what its message says.
import { createHttpClient } from '@org/http-client';

const { ORIGIN: origin, TRUST: trust, BACKEND: backend } = process.env;
try {
  const client = createHttpClient({ tls: { backend, trust }, allowHttp: true });
  const response = await client.request(origin);
  process.stdout.write(await response.body.text());
  await client.close();
} catch (error) {
  process.stdout.write(`${error.code}: ${error.message}`);
}
