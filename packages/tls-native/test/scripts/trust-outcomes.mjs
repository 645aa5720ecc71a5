// Makes a client's context for each store that argv names, over the built package, in a process whose variables Node has read as it does.
// Prints one line of JSON: null for a context that was made, else the error's code and option.
import { createBackend } from '../../dist/index.js';

const outcomes = process.argv.slice(2).map((trust) => {
  try {
    createBackend().createClientContext({ trust });
    return null;
  } catch ({ code, option }) {
    return { code, option };
  }
});
console.log(JSON.stringify(outcomes));
