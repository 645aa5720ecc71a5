// `bun run bun-client.mjs URL CA`.
const [url, ca] = process.argv.slice(2);
const response = await fetch(url, { tls: { ca: await Bun.file(ca).text() } });
console.log(await response.text());
