// got over TLS.
import { readFileSync } from 'node:fs';
import { got } from 'got';

const answer = await got
  .post(`https://localhost:${process.env.PORT}/`, {
    json: { greeting: 'hello over https' },
    https: { certificateAuthority: readFileSync(process.env.CA) },
  })
  .json();
console.log(answer.greeting);
