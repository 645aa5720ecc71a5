import { installOverBuiltins } from './register/over-builtins.ts';
import { announce } from './register/announce.ts';

installOverBuiltins();
announce();
