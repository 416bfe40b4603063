import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type PrivateLibvirtd, startLibvirtd } from '../../../tests/fixtures/libvirtd.ts';
import { run } from '../../../tests/fixtures/run.ts';
import { connectedClient } from '../../test-support/connected-client.ts';
import { ConnectionLostError } from '../errors/libvirt-error.ts';
import { Lifecycle } from '../procedures/flags.ts';
import { procedures } from '../procedures/index.ts';
import type { VolumeRef } from '../procedures/records.ts';
import type { LibvirtClient } from './libvirt-client.ts';

const { connect, domains, pools, volumes } = procedures;
const MIB = 1024 ** 2;
const VOLUME_BYTES = 64 * MIB;

let daemon: PrivateLibvirtd;
let client: LibvirtClient;

beforeEach(async () => {
  daemon = await startLibvirtd();
  client = await connectedClient(daemon.socketPath);
});

afterEach(async () => {
  await client.close();
  await daemon.stop();
});

/** Kill -9, start again, and wait until the client is back. */
async function killAndReturn(): Promise<void> {
  await daemon.kill('SIGKILL');
  const connected = new Promise<void>((resolve) => {
    const stop = client.onStatus(({ state }) => {
      if (state !== 'connected') return;
      stop();
      resolve();
    });
  });
  await daemon.start();
  await connected;
}

/** How many clients the daemon has, its administrators not counted. */
async function connections(): Promise<number> {
  const uri = `libvirtd:///system?socket=${join(daemon.runDir, 'libvirt-admin-sock')}`;
  const table = await run('virt-admin', ['-q', '-c', uri, 'srv-clients-list', 'libvirtd']);
  return table.split('\n').filter((line) => /^\s*\d/.test(line)).length;
}

test('killed in mid-call: every call says so, and the client comes back hearing', async () => {
  const heard: string[] = [];
  client.onDomainEvent('lifecycle', ({ domain, event }) => {
    if (event === Lifecycle.defined) heard.push(domain.name);
  });
  // A daemon that does not run takes calls and answers none.
  process.kill(daemon.pid, 'SIGSTOP');
  const xml = "<domain type='qemu'><name>never</name></domain>";
  const calls = [
    ...Array.from({ length: 20 }, () => client.call(connect.getHostname, {})),
    client.call(domains.defineXml, { xml }),
    client.openStream(volumes.download, { volume: nowhere, offset: 0, length: 0 }),
  ];
  const outcomes = Promise.allSettled(calls);
  await killAndReturn();
  const reasons = (await outcomes).map((outcome): unknown =>
    outcome.status === 'rejected' ? outcome.reason : outcome.value,
  );
  expect(reasons).toHaveLength(calls.length);
  for (const reason of reasons) {
    expect(reason).toBeInstanceOf(ConnectionLostError);
    expect(String(reason)).toMatch(/connection|ECONNRESET|EPIPE/);
  }
  await daemon.define(empty('after'));
  await vi.waitFor(() => expect(heard).toEqual(['after']));
});

test('killed in mid-stream: both ways end with an error, and no connection stays', async () => {
  const [up, down] = await volumesFor(['up', 'down']);
  const before = await connections();
  const upload = await client.openStream(volumes.upload, { volume: up, offset: 0, length: VOLUME_BYTES });
  const download = await client.openStream(volumes.download, { volume: down, offset: 0, length: 0 });
  expect(await connections()).toBe(before + 2);
  const ends = [upload.stream, download.stream].map((stream) =>
    finished(stream).catch((reason: unknown) => reason),
  );
  const piece = randomBytes(MIB);
  upload.stream.write(piece);
  await once(download.stream, 'data');
  download.stream.pause();
  process.kill(daemon.pid, 'SIGSTOP');
  // More than any socket holds: both are in the middle of it.
  for (let sent = MIB; sent < VOLUME_BYTES; sent += MIB) upload.stream.write(piece);
  upload.stream.end();
  await killAndReturn();
  download.stream.resume();
  for (const end of await Promise.all(ends)) expect(end).toBeInstanceOf(ConnectionLostError);
  expect([upload.stream.destroyed, download.stream.destroyed]).toEqual([true, true]);
  // The lanes are opened again when they are needed.
  expect(await connections()).toBe(1);
  const again = await client.openStream(volumes.download, { volume: down, offset: 0, length: MIB });
  again.stream.resume();
  await finished(again.stream);
  await vi.waitFor(async () => expect(await connections()).toBe(1));
});

const nowhere: VolumeRef = { pool: 'none', name: 'none', key: 'none' };

function empty(name: string): string {
  return `<domain type='qemu'><name>${name}</name><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='pc'>hvm</type></os></domain>`;
}

async function volumesFor(names: readonly [string, string]): Promise<[VolumeRef, VolumeRef]> {
  const folder = join(daemon.imagesDir, 'pool');
  await mkdir(folder);
  const pool = await client.call(pools.define, {
    xml: `<pool type='dir'><name>streams</name><target><path>${folder}</path></target></pool>`,
  });
  await client.call(pools.create, { pool });
  await client.call(pools.setAutostart, { pool, autostart: true });
  const create = (name: string) =>
    client.call(volumes.create, {
      pool,
      xml: `<volume><name>${name}</name><capacity unit='bytes'>${VOLUME_BYTES}</capacity><allocation>0</allocation></volume>`,
    });
  return [await create(names[0]), await create(names[1])];
}
