import { announce } from './register/announce.ts';
import { chosenPackages } from './register/chosen-packages.ts';
import { installForPackages } from './register/for-packages.ts';
import { installOverBuiltins } from './register/over-builtins.ts';

const packages = chosenPackages(process.env['NODE_TLS_PACKAGES']);

if (packages === undefined) installOverBuiltins();
else installForPackages(packages, import.meta.url);
announce(packages);
