// axios over TLS.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import axios from 'axios';

const httpsAgent = new Agent({ ca: readFileSync(process.env.CA) });
const body = { greeting: 'hello over https' };
const { data } = await axios.post(`https://localhost:${process.env.PORT}/`, body, { httpsAgent });
console.log(data.greeting);
