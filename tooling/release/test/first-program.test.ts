import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firstProgramFaults, makeCertificate } from '../src/first-program-faults.mjs';

it('a first program fails where the packages are not installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'release-first-'));
  try {
    const project = join(folder, 'project');
    mkdirSync(project);
    makeCertificate(folder);
    expect(firstProgramFaults(project, process.env, folder, 'pure')).toEqual([
      expect.stringContaining('ERR_MODULE_NOT_FOUND'),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
