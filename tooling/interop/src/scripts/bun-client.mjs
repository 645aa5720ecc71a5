// `bun run bun-client.mjs URL CA TIMES [CHAIN KEY]`.
const [url, ca, times, chain, key] = process.argv.slice(2);
const read = (file) => file && Bun.file(file).text();
const tls = { ca: await read(ca), cert: await read(chain), key: await read(key) };
for (let time = 0; time < Number(times); time += 1) console.log(await (await fetch(url, { tls })).text());
