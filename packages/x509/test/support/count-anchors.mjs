// Prints how many anchors each store has in a process of its own, or the error's code. Run by Node from 22.18 on, which reads TypeScript.

import { anchorsFrom } from '@org/x509';

const answers = process.argv.slice(2).map((store) => {
  try {
    return anchorsFrom(store).count;
  } catch (error) {
    return error.code;
  }
});
process.stdout.write(JSON.stringify(answers));
