// It uses nothing of ours: `node node-client.mjs URL CA TIMES [CHAIN KEY [GROUP]]`; CHAIN and KEY may be empty.
import { readFileSync } from 'node:fs';
import https from 'node:https';

const [url, ca, times, chain, key, ecdhCurve] = process.argv.slice(2);
const proof = chain && { cert: readFileSync(chain), key: readFileSync(key) };
// This agent keeps the sessions.
const agent = new https.Agent({ ca: readFileSync(ca), ...proof, ...(ecdhCurve && { ecdhCurve }) });
for (let time = 0; time < Number(times); time += 1) {
  await new Promise((resolve, reject) => {
    https
      .get(url, { agent }, (response) => {
        response.pipe(process.stdout, { end: false });
        response.on('close', resolve);
      })
      .on('error', reject);
  });
}
