import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hardware, HardwareEditInput, MachineId } from '@limen/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectRpc, rejection } from '../fixtures/rpc-client.ts';
import { type HardwareHost, MIB, startHardwareHost } from './hardware-host.ts';

/** Definitions of a machine that is off: who may change them, what is refused, how they are kept. */

let host: HardwareHost;
let id: MachineId;
const NAME = 'stored';
const MAC = '52:54:00:aa:bb:02';

beforeAll(async () => {
  host = await startHardwareHost();
  id = await host.define(NAME);
}, 600_000);

afterAll(() => host?.stop());

const api = () => host.session.api;
const vcpus = (current: number, maximum = current): HardwareEditInput => ({
  type: 'set-vcpus',
  current,
  maximum,
});

describe('two who edit at once', () => {
  test('the second is told what changed', async () => {
    const { revision } = await host.get(id);
    const nic: HardwareEditInput = {
      type: 'add-interface',
      network: { type: 'user' },
      model: 'virtio',
      mac: MAC,
    };
    const edits = [[vcpus(2, 4), nic], [vcpus(3, 4)]];
    const outcomes = await Promise.allSettled(
      edits.map((each) => api().hardware.edit({ machineId: id, revision, edits: each, when: 'now' })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const refused = api().hardware.edit({ machineId: id, revision, edits: [vcpus(3, 4)], when: 'now' });
    expect(await rejection(refused)).toMatchObject({
      code: 'CONFLICT',
      data: { reason: 'changed', names: ['vcpus', MAC] },
    });
    expect((await host.get(id)).stored.vcpus.current).toBe(2);
  });

  test('virsh is one of them', async () => {
    const { revision } = await host.get(id);
    const stop = new AbortController();
    const seen: Hardware[] = [];
    const watching = (async () => {
      for await (const hardware of await api().hardware.watch({ machineId: id }, { signal: stop.signal })) {
        seen.push(hardware);
        if (hardware.stored.memory.maximumBytes === 512 * MIB) return;
        // Once the watch is on: what it is to notice.
        if (seen.length === 1) await redefine((xml) => xml.replaceAll(/(emory unit='KiB'>)\d+/g, '$1524288'));
      }
    })();
    await watching;
    stop.abort();
    const late = api().hardware.edit({ machineId: id, revision, edits: [vcpus(1, 4)], when: 'now' });
    expect(await rejection(late)).toMatchObject({ code: 'CONFLICT', data: { names: ['memory'] } });
    const [kept] = await api().hardware.history({ machineId: id });
    expect(kept).toMatchObject({ replacedBy: null });
    expect(kept?.xml).toContain('>262144<');
  });
});

describe('refused', () => {
  test.each<[string, HardwareEditInput, string]>([
    ['no such disk', { type: 'remove-disk', target: 'vdz' }, 'NOT_FOUND'],
    [
      'more than there is',
      { type: 'set-memory', currentBytes: 2 ** 43, maximumBytes: 2 ** 43 },
      'QUOTA_EXCEEDED',
    ],
    ['a disk larger than the host', newDisk(64 * 2 ** 40), 'QUOTA_EXCEEDED'],
    ['a disk that shrinks', { type: 'grow-disk', target: 'vda', sizeBytes: MIB }, 'INVALID_INPUT'],
    ['a drive that grows', { type: 'grow-disk', target: 'sda', sizeBytes: 2 ** 30 }, 'INVALID_INPUT'],
    ['an address twice', interfaceOf({ mac: MAC }), 'INVALID_INPUT'],
    ['no such network', interfaceOf({ network: { type: 'network', name: 'nowhere' } }), 'INVALID_INPUT'],
    ['a path that leads nowhere', attached('/../../nowhere/disk.qcow2'), 'NOT_FOUND'],
    ['a file that is no disk', attached('/etc/passwd'), 'UNSUITABLE_IMAGE'],
    ['a disk twice', attached('DISK/../DISK'), 'CONFLICT'],
    ['too many vCPUs', vcpus(1, 1024), 'INVALID_INPUT'],
    ['IDE where there is none', { type: 'update-disk', target: 'vda', bus: 'ide' }, 'HYPERVISOR_ERROR'],
    ['the processor of the host', cpu('host-passthrough'), 'INVALID_INPUT'],
  ])('%s, and nothing changes', async (_what, edit, code) => {
    const before = await host.get(id);
    const { results } = await host.edit(id, [withRealPaths(edit), vcpus(1)]);
    expect(results).toEqual([{ outcome: 'refused', code, detail: expect.any(String) }]);
    expect((await host.get(id)).revision).toBe(before.revision);
    expect(await readdir(host.machinesDir).catch(() => [])).toEqual([]);
  });

  test.each([
    ['a path for a target', { type: 'remove-disk', target: '../etc' }],
    ['a malformed address', { type: 'remove-interface', mac: '52:54:00:00:00' }],
    ['a size that is none', { type: 'grow-disk', target: 'vda', sizeBytes: -1 }],
    ['XML for a name', { type: 'update-disk', target: '<x/>', cache: 'none' }],
    ['no kind of edit', { type: 'set-everything' }],
  ])('%s, before anything is looked at', async (_what, edit) => {
    const edits = [edit as unknown as HardwareEditInput];
    expect(await rejection(host.edit(id, edits))).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('to who is not its owner, and does not even see it', async () => {
    const user = { username: 'eve', password: 'correct horse battery' };
    await api().users.create({ ...user, role: 'user' });
    const client = await connectRpc({ url: `wss://${host.service.address}` });
    await client.api.session.signIn({ ...user, device: 'test' });
    const basis = { machineId: id, revision: '' };
    const { hardware } = client.api;
    for (const call of [
      () => hardware.get({ machineId: id }),
      () => hardware.edit({ ...basis, edits: [vcpus(1)], when: 'now' }),
      () => hardware.definition({ machineId: id }),
      () => hardware.define({ ...basis, xml: '<domain/>' }),
      () => hardware.history({ machineId: id }),
      () => hardware.undo(basis),
    ]) {
      expect(await rejection(call())).toMatchObject({ code: 'NOT_FOUND' });
    }
    const { id: eve } = (await api().users.list({})).find(({ username }) => username === 'eve') ?? {};
    if (eve === undefined) throw new Error('eve is not there');
    await api().machines.setOwner({ machineId: id, userId: eve });
    const { revision } = await hardware.get({ machineId: id });
    expect(await rejection(hardware.define({ machineId: id, revision, xml: '<domain/>' }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    const attach = [attached('/etc/passwd')];
    const { results } = await hardware.edit({ machineId: id, revision, edits: attach, when: 'now' });
    expect(results).toMatchObject([{ code: 'FORBIDDEN' }]);
    await api().machines.setOwner({ machineId: id, userId: null });
    await client.close();
  });
});

describe('as XML', () => {
  test('it is replaced, kept, and gone back to', async () => {
    const before = await host.get(id);
    const after = await define((xml) => xml.replace('<on_crash>destroy', '<on_crash>preserve'));
    expect(after.undoable).toBe(true);
    expect(after.revision).not.toBe(before.revision);
    const [kept] = await api().hardware.history({ machineId: id });
    expect(kept).toMatchObject({ replacedBy: 'admin' });
    expect(kept?.xml).toContain('<on_crash>destroy');
    const undone = await api().hardware.undo({ machineId: id, revision: after.revision });
    expect(undone.revision).toBe(before.revision);
  });

  test.each([
    ['broken', (xml: string) => xml.replace('</os>', ''), 'INVALID_INPUT', /line \d+/],
    [
      'of another name',
      (xml: string) => xml.replace(`<name>${NAME}`, '<name>other'),
      'INVALID_INPUT',
      /name/,
    ],
    [
      'of another machine',
      (xml: string) => xml.replace(/<uuid>[^<]+/, '<uuid>0d7f6d0e-5f5b-4f6e-9a86-0d4a8f0e7a11'),
      'INVALID_INPUT',
      /UUID/,
    ],
    [
      'with an element too many',
      (xml: string) => xml.replace('<os>', '<os><surprise/>'),
      'HYPERVISOR_ERROR',
      /surprise|os/,
    ],
    ['that cannot be', (xml: string) => xml.replace("bus='virtio'", "bus='ide'"), 'HYPERVISOR_ERROR', /IDE/i],
    [
      'with entities',
      (xml: string) => `<!DOCTYPE d [<!ENTITY x "y">]>${xml}`,
      'INVALID_INPUT',
      /document type/,
    ],
  ])('%s it is refused with the reason', async (_what, change, code, words) => {
    const error = await rejection(define(change));
    expect(error.code).toBe(code);
    expect(JSON.stringify(error)).toMatch(words);
  });

  test('passwords are neither shown nor lost', async () => {
    await redefine((xml) =>
      xml.replace(
        '</devices>',
        "<graphics type='vnc' passwd='geheim'><listen type='address'/></graphics></devices>",
      ),
    );
    const { stored } = await api().hardware.definition({ machineId: id });
    expect(stored).not.toContain('geheim');
    await define((xml) => xml.replace('<on_crash>destroy', '<on_crash>preserve'));
    await host.edit(id, vcpus(2, 4));
    expect(await host.libvirtd.virsh('dumpxml', '--inactive', '--security-info', NAME)).toContain(
      "passwd='geheim'",
    );
    for (const { xml } of await api().hardware.history({ machineId: id }))
      expect(xml).not.toContain('geheim');
  });

  test('a deleted disk does not come back', async () => {
    const added = await host.edit(id, newDisk(8 * MIB));
    expect(added.results).toEqual([{ outcome: 'applied' }]);
    expect((await host.edit(id, { type: 'remove-disk', target: 'vdb', deleteFile: true })).results).toEqual([
      { outcome: 'applied' },
    ]);
    const { revision } = await host.get(id);
    const { stored } = await api().hardware.undo({ machineId: id, revision });
    expect(stored.disks.map(({ target }) => target)).toEqual(['vda', 'sda']);
    expect(await readdir(host.machinesDir)).toEqual([]);
  });
});

test('no more than twenty definitions are kept', async () => {
  for (let count = 0; count < 22; count += 1) await host.edit(id, vcpus((count % 3) + 1, 4));
  expect(await api().hardware.history({ machineId: id })).toHaveLength(20);
}, 120_000);

function newDisk(sizeBytes: number): HardwareEditInput {
  return { type: 'add-disk', source: { type: 'new', sizeBytes }, bus: 'virtio' };
}

function attached(path: string): HardwareEditInput {
  return { type: 'add-disk', source: { type: 'attach', path }, bus: 'virtio' };
}

function cpu(mode: 'host-passthrough'): HardwareEditInput {
  return { type: 'set-cpu', mode, model: null, topology: null };
}

function interfaceOf(
  change: Partial<Extract<HardwareEditInput, { type: 'add-interface' }>>,
): HardwareEditInput {
  return { type: 'add-interface', network: { type: 'user' }, model: 'virtio', ...change };
}

/** The disk the machine has, by another way to the same place. */
function withRealPaths(edit: HardwareEditInput): HardwareEditInput {
  if (edit.type !== 'add-disk' || edit.source.type !== 'attach' || !edit.source.path.startsWith('DISK'))
    return edit;
  const path = `${host.libvirtd.imagesDir}/x/../${NAME}.qcow2`;
  return { ...edit, source: { type: 'attach', path } };
}

/** As `virsh edit` does. */
async function redefine(change: (xml: string) => string): Promise<void> {
  const xml = await host.libvirtd.virsh('dumpxml', '--inactive', '--security-info', NAME);
  const file = join(host.libvirtd.guestDir, `${randomBytes(4).toString('hex')}.xml`);
  await writeFile(file, change(xml));
  await host.libvirtd.virsh('define', file);
}

async function define(change: (xml: string) => string): Promise<Hardware> {
  const { revision, stored } = await api().hardware.definition({ machineId: id });
  return api().hardware.define({ machineId: id, revision, xml: change(stored) });
}
