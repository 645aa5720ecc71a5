import { announce } from './register/announce.ts';
import { installForPackages } from './register/for-packages.ts';
import { installOverBuiltins } from './register/over-builtins.ts';

const packages = process.env['NODE_TLS_PACKAGES']?.split(',').filter((name) => name !== '');

if (packages === undefined) installOverBuiltins();
else installForPackages(packages);
announce(packages);
