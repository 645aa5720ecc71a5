// ky over TLS. It uses Node's fetch, which trusts the roots of Node and those of NODE_EXTRA_CA_CERTS.
import ky from 'ky';

const answer = await ky.post(`https://localhost:${process.env.PORT}/`, { json: { greeting: 'hello over https' } });
console.log((await answer.json()).greeting);
