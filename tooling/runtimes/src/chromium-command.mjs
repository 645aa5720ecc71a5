// Runs the kit in headless Chromium, which is installed first where that is possible.
import { ensureCommands } from '../../bootstrap/debian-packages.mjs';

ensureCommands(['chromium']);
process.argv.push('chromium');
await import('../dist/main.js');
