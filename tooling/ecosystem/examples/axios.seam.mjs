// axios over TlsSockets of an agent.
import { readFileSync } from 'node:fs';
import { createHttpsAgent } from '@org/tls-core/http';
import axios from 'axios';

const httpsAgent = await createHttpsAgent({ tls: { trust: readFileSync(process.env.CA, 'utf8') } });
const body = { greeting: 'hello over https' };
const { data } = await axios.post(`https://localhost:${process.env.PORT}/`, body, { httpsAgent });
console.log(data.greeting);
