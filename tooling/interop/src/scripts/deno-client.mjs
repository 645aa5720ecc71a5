// `deno run --allow-net --cert CA deno-client.mjs URL`.
const response = await fetch(Deno.args[0]);
console.log(await response.text());
