#!/usr/bin/env node
// Puts together the package in the working directory, when it is built: `bundle-package`. The compiler has put its types into dist before.
import { bundlePackage } from './bundle-package.mjs';

await bundlePackage(process.cwd());
