import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../../tests/fixtures/run.ts';
import { createSeedTool } from './nocloud-seed.ts';

const tool = createSeedTool();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-seed-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a seed', () => {
  it('is an ISO labelled cidata that only its owner reads', async () => {
    const path = join(folder, 'seed.iso');
    const files = {
      metaData: 'instance-id: x\n',
      userData: '#cloud-config\n',
      networkConfig: 'version: 2\n',
    };
    await tool.build(path, { ...files, userData: '#!/bin/sh\n' });
    await tool.build(path, files);
    const listed = await run('xorriso', ['-indev', path, '-pvd_info', '-lsl', '/']);
    expect(listed).toContain('Volume Id    : cidata');
    for (const name of ['meta-data', 'user-data', 'network-config']) expect(listed).toContain(`'${name}'`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const copy = join(folder, 'copy');
    await run('xorriso', ['-osirrox', 'on', '-indev', path, '-extract', '/user-data', copy]);
    expect(await run('cat', [copy])).toBe('#cloud-config\n');
    expect((await readdir(folder)).toSorted()).toEqual(['copy', 'seed.iso']);
  });

  it('leaves nothing where it cannot be', async () => {
    const files = { metaData: '', userData: '', networkConfig: null };
    await expect(tool.build(join(folder, 'missing', 'seed.iso'), files)).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a password', () => {
  it('is hashed with a salt of its own', async () => {
    const [first, second] = await Promise.all([tool.hashPassword("a b'c$d"), tool.hashPassword("a b'c$d")]);
    expect(first).toMatch(/^\$6\$[^$]+\$[./A-Za-z0-9]{86}$/);
    expect(second).not.toBe(first);
    const salt = first.split('$')[2] ?? '';
    const again = await run('openssl', ['passwd', '-6', '-salt', salt, "a b'c$d"]);
    expect(again.trim()).toBe(first);
  });
});
