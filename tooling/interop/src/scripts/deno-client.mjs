// `deno run --allow-net --allow-read --cert CA deno-client.mjs URL CA TIMES [CHAIN KEY]`.
const [url, , times, chain, key] = Deno.args;
const proof = chain && { cert: Deno.readTextFileSync(chain), key: Deno.readTextFileSync(key) };
const client = Deno.createHttpClient({ ...proof });
for (let time = 0; time < Number(times); time += 1) console.log(await (await fetch(url, { client })).text());
client.close();
