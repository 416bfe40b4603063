import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type PoolId, type StoragePool, UPLOADS_PATH, volumePath } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { http, openHttp } from '../fixtures/https.ts';
import { connectRpc, rejection } from '../fixtures/rpc-client.ts';
import {
  diskXml,
  holdsPattern,
  imageInfo,
  MIB,
  startStorageHost,
  type StorageHost,
  writePattern,
} from './storage-host.ts';

/** Pools and volumes of a host, on a libvirtd of its own. */

let host: StorageHost;
let poolId: PoolId;
const LEE = { username: 'lee', password: 'a-long-passphrase', device: 'test' };
const at = (name: string): string => join(host.folder('disks'), name);

beforeAll(async () => {
  host = await startStorageHost();
}, 600_000);

afterAll(() => host?.stop());

const source = (name: string) => ({ type: 'dir', path: host.folder(name) }) as const;

async function made(name: string, mebibytes = 8, format: 'qcow2' | 'raw' = 'qcow2'): Promise<void> {
  const job = await host.api.storage.createVolume({ poolId, name, format, capacityBytes: mebibytes * MIB });
  expect(await host.ended(job)).toMatchObject({ state: 'done', error: null });
}

describe('pools', () => {
  test('what libvirt supports is told, and what is missing for the rest', async () => {
    const types = await host.api.storage.poolTypes({});
    expect(types).toContainEqual({ type: 'dir', supported: true, packages: [] });
    for (const { supported, packages } of types) expect(packages.length === 0).toBe(supported);
    const missing = types.find(({ type }) => type === 'rbd');
    if (missing?.supported === true) return;
    const rbd = { type: 'rbd' as const, hosts: [{ name: 'mon' }], poolName: 'vms' };
    expect(await rejection(host.api.storage.createPool({ name: 'ceph', source: rbd }))).toMatchObject({
      code: 'UNSUPPORTED',
      data: { packages: ['libvirt-daemon-driver-storage-rbd'] },
    });
  });

  test('a pool is made, with its folder, and is LIMEN’s to show at once', async () => {
    const pool = await host.api.storage.createPool({ name: 'disks', source: source('disks') });
    expect(pool).toMatchObject({
      type: 'dir',
      state: 'running',
      autostart: true,
      own: false,
      shared: false,
      path: host.folder('disks'),
      promisedBytes: 0,
      volumeCount: 0,
    });
    expect(pool.capacityBytes).toBeGreaterThan(0);
    poolId = pool.id;
    expect(await host.libvirtd.virsh('pool-list', '--name')).toContain('disks');
    expect((await host.pool('limen-machines')).own).toBe(true);
  });

  test('nothing is left of one that cannot be', async () => {
    const { api, libvirtd } = host;
    const before = await libvirtd.virsh('pool-list', '--all', '--name');
    await writeFile(host.folder('a-file'), '');
    await symlink('/etc', host.folder('link'));
    await symlink(host.storageDir, host.folder('link-to-store'));
    const refused = [
      '/',
      '/etc',
      '/proc/sys',
      host.storageDir,
      join(host.storageDir, 'machines'),
      join(host.storageDir, '..'),
      host.folder('link'),
      host.folder('link-to-store/images'),
      host.folder('a-file'),
      host.folder('disks'),
      host.service.dataDirectory,
    ];
    for (const path of refused) {
      const wish = api.storage.createPool({ name: 'bad', source: { type: 'dir', path } });
      expect(await rejection(wish), path).toMatchObject({ code: 'INVALID_INPUT' });
    }
    const device = { type: 'fs', path: host.folder('mounted'), device: '/dev/limen-no-such-device' } as const;
    expect(await rejection(api.storage.createPool({ name: 'bad', source: device }))).toMatchObject({
      code: 'HYPERVISOR_ERROR',
    });
    await expect(stat(host.folder('mounted'))).rejects.toThrow('ENOENT');
    const taken = api.storage.createPool({ name: 'disks', source: source('others') });
    expect(await rejection(taken)).toMatchObject({ code: 'CONFLICT', data: { reason: 'name-taken' } });
    expect(await libvirtd.virsh('pool-list', '--all', '--name')).toBe(before);
  });

  test('hostile names are refused before anything is done', async () => {
    const names = [
      '../up',
      'a/b',
      '.hidden',
      '-rf',
      'nul\0',
      'x'.repeat(300),
      '<xml>',
      '',
      ' ',
      'a b',
      'a\nb',
    ];
    for (const name of names) {
      const pool = host.api.storage.createPool({ name, source: source('never') });
      expect(await rejection(pool), name).toMatchObject({ code: 'INVALID_INPUT' });
      const volume = host.api.storage.createVolume({ poolId, name, format: 'raw', capacityBytes: MIB });
      expect(await rejection(volume), name).toMatchObject({ code: 'INVALID_INPUT' });
    }
    for (const name of ['../../etc/passwd', '<volume/>', "' or 1=1", 'x'.repeat(1000)]) {
      expect(await rejection(host.api.storage.deleteVolume({ poolId, name })), name).toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    await expect(stat(host.folder('never'))).rejects.toThrow('ENOENT');
  });

  test('what other tools do is told to those who look', async () => {
    const seen = follow(await host.api.storage.watchPools({}));
    await seen.until((pools) => pools.some(({ name }) => name === 'disks'));
    await mkdir(host.folder('theirs'));
    await host.libvirtd.virsh('pool-define-as', 'theirs', 'dir', '--target', host.folder('theirs'));
    await seen.until((pools) => pools.some(({ name, state }) => name === 'theirs' && state === 'inactive'));
    await host.libvirtd.virsh('pool-start', 'theirs');
    await seen.until((pools) => pools.some(({ name, state }) => name === 'theirs' && state === 'running'));
    await writeFile(join(host.folder('theirs'), 'new.raw'), Buffer.alloc(MIB));
    await host.libvirtd.virsh('pool-refresh', 'theirs');
    await seen.until((pools) => pools.some((each) => each.name === 'theirs' && each.volumeCount === 1));
    await host.libvirtd.virsh('pool-destroy', 'theirs');
    await seen.until((pools) => pools.some(({ name, state }) => name === 'theirs' && state === 'inactive'));
    await host.libvirtd.virsh('pool-undefine', 'theirs');
    await seen.until((pools) => pools.every(({ name }) => name !== 'theirs'));
    await seen.close();
  });

  test('it is stopped, started, and set to start with the host', async () => {
    const { api } = host;
    expect(await api.storage.stopPool({ poolId })).toMatchObject({
      state: 'inactive',
      capacityBytes: 0,
      promisedBytes: null,
      volumeCount: null,
    });
    const wish = api.storage.createVolume({ poolId, name: 'x', format: 'raw', capacityBytes: MIB });
    expect(await rejection(wish)).toMatchObject({ code: 'CONFLICT', data: { reason: 'wrong-state' } });
    expect(await api.storage.startPool({ poolId })).toMatchObject({ state: 'running' });
    expect(await api.storage.startPool({ poolId })).toMatchObject({ state: 'running' });
    expect(await api.storage.setPoolAutostart({ poolId, autostart: false })).toMatchObject({
      autostart: false,
    });
    expect(await host.libvirtd.virsh('pool-info', 'disks')).toMatch(/Autostart:\s+no/);
    const own = (await host.pool('limen-machines')).id;
    for (const attempt of [api.storage.stopPool, api.storage.deletePool]) {
      expect(await rejection(attempt({ poolId: own }))).toMatchObject({ data: { names: ['LIMEN'] } });
    }
  });

  test('how full it was is written down', async () => {
    const limen = await host.pool('limen-machines');
    const history = await host.api.storage.poolHistory({ poolId: limen.id });
    expect(history).toEqual([
      { at: expect.any(String), allocatedBytes: expect.any(Number), capacityBytes: limen.capacityBytes },
    ]);
  });

  test('who is no administrator sees nothing of it', async () => {
    const { api } = host;
    const created = await api.users.create({ username: 'lee', password: 'a-long-passphrase', role: 'user' });
    expect(created).toMatchObject({ role: 'user' });
    const client = await connectRpc({ url: `wss://${host.service.address}` });
    await client.api.session.signIn(LEE);
    const calls = [
      client.api.storage.pools({}),
      client.api.storage.volumes({ poolId }),
      client.api.storage.deleteVolume({ poolId, name: 'x' }),
      client.api.storage.deletePool({ poolId }),
    ];
    for (const { code } of await Promise.all(calls.map(rejection))) expect(code).toBe('FORBIDDEN');
    await client.close();
  });
});

describe('volumes', () => {
  test('are made, and count against the pool', async () => {
    await made('thin.qcow2', 64);
    await made('thick.raw', 4, 'raw');
    expect(await imageInfo(at('thin.qcow2'))).toMatchObject({ format: 'qcow2', 'virtual-size': 64 * MIB });
    expect(await imageInfo(at('thick.raw'))).toMatchObject({ format: 'raw', 'virtual-size': 4 * MIB });
    const { pool, volumes } = await host.api.storage.volumes({ poolId });
    expect(pool).toMatchObject({ promisedBytes: 68 * MIB, volumeCount: 2, orphanCount: 2 });
    expect(volumes.map(({ name, capacityBytes, format }) => [name, capacityBytes, format])).toEqual([
      ['thick.raw', 4 * MIB, 'raw'],
      ['thin.qcow2', 64 * MIB, 'qcow2'],
    ]);
    const full = {
      poolId,
      name: 'full.raw',
      format: 'raw',
      capacityBytes: 2 * MIB,
      preallocation: 'full',
    } as const;
    expect(await host.ended(await host.api.storage.createVolume(full))).toMatchObject({ state: 'done' });
    expect((await stat(at('full.raw'))).blocks * 512).toBeGreaterThanOrEqual(2 * MIB);
    await host.api.storage.deleteVolume({ poolId, name: 'full.raw' });
    await expect(stat(at('full.raw'))).rejects.toThrow('ENOENT');
  });

  test('a name is somebody’s only once, whoever is faster', async () => {
    const wish = { poolId, name: 'race.raw', format: 'raw', capacityBytes: MIB } as const;
    const second = await connectRpc({ url: `wss://${host.service.address}` });
    await second.api.session.signIn({ ...host.service.administrator, device: 'other' });
    const results = await Promise.allSettled(
      [host.api, second.api].map((api) => api.storage.createVolume(wish)),
    );
    const jobs = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const outcomes = await Promise.all(jobs.map((job) => host.ended(job)));
    expect(outcomes.filter(({ state }) => state === 'done')).toHaveLength(1);
    expect(await host.volume(poolId, 'race.raw')).toBeDefined();
    const deletions = await Promise.allSettled(
      [host.api, second.api].map((api) => api.storage.deleteVolume({ poolId, name: 'race.raw' })),
    );
    expect(deletions.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await host.volume(poolId, 'race.raw')).toBeUndefined();
    await second.close();
  });

  test('a file that libvirt has not seen is not overwritten', async () => {
    await writeFile(at('unseen.raw'), 'precious');
    const wish = { poolId, name: 'unseen.raw', format: 'raw', capacityBytes: MIB } as const;
    const job = await host.ended(await host.api.storage.createVolume(wish));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'CONFLICT' } });
    expect((await stat(at('unseen.raw'))).size).toBe('precious'.length);
    await host.api.storage.deleteVolume({ poolId, name: 'unseen.raw' });
  });

  test.each([
    ['qcow2', 'qcow2'],
    ['raw', 'raw'],
    ['qcow2', 'raw'],
    ['raw', 'qcow2'],
  ] as const)('a %s is copied as %s', async (from, to) => {
    const [name, newName] = [`from-${from}-${to}`, `to-${from}-${to}`];
    await made(name, 16, from);
    const pattern = { pattern: 0x5a, at: 3 * MIB, bytes: 2 * MIB };
    await writePattern(at(name), { format: from, ...pattern });
    const job = await host.api.storage.cloneVolume({
      poolId,
      name,
      newName,
      format: to,
      capacityBytes: 24 * MIB,
    });
    expect(await host.ended(job)).toMatchObject({ state: 'done', error: null });
    expect(await imageInfo(at(newName))).toMatchObject({ format: to, 'virtual-size': 24 * MIB });
    expect(await holdsPattern(at(newName), { format: to, ...pattern })).toBe(true);
    expect(await holdsPattern(at(newName), { format: to, pattern: 0, at: 0, bytes: 3 * MIB })).toBe(true);
    expect((await stat(at(newName))).blocks * 512, 'holes stay').toBeLessThan(8 * MIB);
    for (const each of [name, newName]) await host.api.storage.deleteVolume({ poolId, name: each });
  });

  test('grow, and shrink only when that is said', async () => {
    await made('size.raw', 8, 'raw');
    const resize = (capacityBytes: number, shrink = false) =>
      host.api.storage.resizeVolume({ poolId, name: 'size.raw', capacityBytes, shrink });
    expect(await resize(12 * MIB)).toMatchObject({ capacityBytes: 12 * MIB });
    expect(await rejection(resize(4 * MIB))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await resize(4 * MIB, true)).toMatchObject({ capacityBytes: 4 * MIB });
    expect(await imageInfo(at('size.raw'))).toMatchObject({ 'virtual-size': 4 * MIB });
    await host.api.storage.deleteVolume({ poolId, name: 'size.raw' });
  });

  test.each(['raw', 'qcow2'] as const)('a %s is wiped and can be used again', async (format) => {
    const name = `secret.${format}`;
    await made(name, 8, format);
    await writePattern(at(name), { format, pattern: 0x77, at: MIB, bytes: MIB });
    expect(await host.ended(await host.api.storage.wipeVolume({ poolId, name }))).toMatchObject({
      state: 'done',
    });
    expect(await imageInfo(at(name))).toMatchObject({ format, 'virtual-size': 8 * MIB });
    expect(await holdsPattern(at(name), { format, pattern: 0, at: 0, bytes: 8 * MIB })).toBe(true);
    expect(await host.volume(poolId, name)).toMatchObject({ format, capacityBytes: 8 * MIB });
    await host.api.storage.deleteVolume({ poolId, name });
  });
});

describe('as a file', () => {
  test('a volume is handed to administrators, and to nobody while a machine writes to it', async () => {
    await made('file.qcow2', 8);
    await writePattern(at('file.qcow2'), { format: 'qcow2', pattern: 0x31, at: MIB, bytes: MIB });
    const target = { port: Number(new URL(`https://${host.service.address}`).port) };
    const get = (name: string, token: string) =>
      http(target, volumePath(poolId, name), { headers: { authorization: `Bearer ${token}` } });
    const token = host.session.tokens.accessToken;
    const stream = await openHttp(target, volumePath(poolId, 'file.qcow2'), {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(stream.headers['content-length']).toBe(String((await stat(at('file.qcow2'))).size));
    const saved = host.folder('saved.qcow2');
    await pipeline(stream, createWriteStream(saved));
    expect((await readFile(saved)).equals(await readFile(at('file.qcow2')))).toBe(true);

    for (const name of ['no-such', '../../etc/passwd', '<xml>']) {
      expect(await get(name, token)).toMatchObject({ status: 404 });
    }
    expect(await get('file.qcow2', 'forged')).toMatchObject({ status: 401 });
    const client = await connectRpc({ url: `wss://${host.service.address}` });
    const lee = await client.api.session.signIn(LEE);
    expect(await get('file.qcow2', lee.accessToken)).toMatchObject({ status: 403 });
    await client.close();
    await host.define('writer', diskXml(at('file.qcow2'), 'qcow2'));
    await host.libvirtd.virsh('start', 'writer', '--paused');
    expect((await get('file.qcow2', token)).json()).toMatchObject({ data: { names: ['writer'] } });
    await host.libvirtd.virsh('destroy', 'writer');
    await host.libvirtd.virsh('undefine', 'writer');
  });
});

describe('from a file', () => {
  test('volumes are sent by administrators only, under names that can be', async () => {
    const target = { port: Number(new URL(`https://${host.service.address}`).port) };
    const client = await connectRpc({ url: `wss://${host.service.address}` });
    const { accessToken } = await client.api.session.signIn(LEE);
    await client.close();
    const begin = (token: string, name: string) => {
      const fields = { filename: 'x.raw', name, poolId };
      const metadata = Object.entries(fields).map(
        ([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`,
      );
      const headers = {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'upload-length': '1024',
        'upload-metadata': metadata.join(','),
      };
      return http(target, UPLOADS_PATH, { method: 'POST', headers });
    };
    expect(await begin(accessToken, 'x.raw')).toMatchObject({ status: 403 });
    for (const name of ['a b', '<xml>', '-rf', 'x'.repeat(100)])
      expect(await begin(host.session.tokens.accessToken, name), name).toMatchObject({ status: 400 });
    expect(await begin(host.session.tokens.accessToken, 'x.raw')).toMatchObject({ status: 201 });
  });
});

describe('deleting a pool', () => {
  test('leaves what lies in it, unless every volume is named', async () => {
    const { storage } = host.api;
    const made = await storage.createPool({ name: 'gone', source: source('gone') });
    const keep = { poolId: made.id, name: 'keep.raw', format: 'raw', capacityBytes: MIB } as const;
    await host.ended(await storage.createVolume(keep));
    const missed = storage.deletePool({ poolId: made.id, deleteVolumes: ['another.raw'] });
    expect(await rejection(missed)).toMatchObject({
      data: { reason: 'changed', names: ['keep.raw', 'another.raw'] },
    });
    await storage.deletePool({ poolId: made.id });
    expect(await readdir(host.folder('gone'))).toEqual(['keep.raw']);
    expect(await rejection(storage.volumes({ poolId: made.id }))).toMatchObject({ code: 'NOT_FOUND' });
    const again = await storage.createPool({ name: 'gone', source: source('gone') });
    expect(again.volumeCount).toBe(1);
    await storage.deletePool({ poolId: again.id, deleteVolumes: ['keep.raw'] });
    await expect(stat(host.folder('gone'))).rejects.toThrow('ENOENT');
  });
});

interface Followed {
  until(matches: (pools: StoragePool[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Reads a stream event by event, as far as it is asked to. */
function follow(stream: AsyncIterator<StoragePool[]>): Followed {
  return {
    async until(matches) {
      for (;;) {
        const { value, done } = await stream.next();
        if (done === true) throw new Error('the stream ended');
        if (matches(value)) return;
      }
    },
    async close() {
      await stream.return?.();
    },
  };
}
