import { mkdir, mkdtemp, open, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { makeArchive, makeDisk, makeIso, ovfOf } from '../../../tests/fixtures/image-samples.ts';
import { run } from '../../../tests/fixtures/run.ts';
import { inspectImage, inspectReceived } from './inspect.ts';
import { QemuImg } from './qemu-img.ts';

const MIB = 2 ** 20;
const TIB = 2 ** 40;
const rules = { disks: new QemuImg(), maxVirtualBytes: 2 * TIB };
let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limen-inspect-'));
});
afterEach(() => rm(folder, { recursive: true }));

function refusal(reason: string): object {
  return { code: 'UNSUITABLE_IMAGE', data: { reason } };
}

async function qcow2(name: string, ...args: string[]): Promise<string> {
  await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...args.slice(0, -1), at(name), args.at(-1) ?? '']);
  return at(name);
}

describe('what is kept as it comes', () => {
  test.each([
    ['raw', undefined],
    ['qcow2', 'compat=0.10'],
    ['qcow2', 'compat=1.1,lazy_refcounts=on'],
  ] as const)('%s with %s', async (format, options) => {
    const path = await makeDisk(at('disk.txt'), format, options);
    const expected = { kind: 'disk', format, virtualBytes: 8 * MIB };
    expect(await inspectReceived(path, rules)).toEqual({ ...expected, part: null, leftOut: [] });
    expect(await inspectImage(path, rules)).toMatchObject(expected);
  });

  it('is a medium when it is one, whatever its name says', async () => {
    const path = await makeIso(at('disk.qcow2'));
    const { size } = await stat(path);
    const expected = { kind: 'iso', format: 'raw', virtualBytes: size };
    expect(await inspectReceived(path, rules)).toMatchObject(expected);
  });

  it('may have blocks that nothing refers to', async () => {
    const path = await makeDisk(at('disk'), 'qcow2');
    const handle = await open(path, 'r+');
    // A cluster of its own at the end, counted in the one block of reference counts there is.
    const { size } = await stat(path);
    await truncate(path, size + 65_536);
    await handle.write(Buffer.from([0, 1]), 0, 2, 2 * 65_536 + 2 * (size / 65_536));
    await handle.close();
    await expect(run('qemu-img', ['check', '-q', '-f', 'qcow2', path])).rejects.toThrow('qemu-img');
    expect(await inspectReceived(path, rules)).toMatchObject({ format: 'qcow2' });
  });
});

describe('what is converted', () => {
  test.each([
    ['vmdk', 'subformat=monolithicSparse'],
    ['vmdk', 'subformat=streamOptimized'],
    ['vhdx', undefined],
    ['vdi', undefined],
    ['vpc', 'subformat=dynamic,force_size=on'],
  ] as const)('%s with %s', async (format, options) => {
    const path = await makeDisk(at('disk.iso'), format, options);
    expect(await inspectReceived(path, rules)).toMatchObject({ format, virtualBytes: 8 * MIB, part: null });
    await expect(inspectImage(path, rules)).rejects.toMatchObject(refusal('unknown-format'));
  });
});

async function makeOva(files: Record<string, string>, ovf: string): Promise<string> {
  await writeFile(at('descriptor'), ovf);
  return makeArchive(at('machine.ova'), { 'machine.ovf': at('descriptor'), ...files });
}

describe('an OVA', () => {
  it('has its disk where the archive has it', async () => {
    const disk = await makeDisk(at('disk'), 'vmdk', 'subformat=streamOptimized');
    const path = await makeOva({ 'machine-disk1.vmdk': disk }, ovfOf(['machine-disk1.vmdk']));
    const found = await inspectReceived(path, rules);
    expect(found).toMatchObject({ kind: 'disk', format: 'vmdk', virtualBytes: 8 * MIB, leftOut: [] });
    expect(found.part?.bytes).toBe((await stat(disk)).size);
    await expect(inspectImage(path, rules)).rejects.toMatchObject(refusal('unknown-format'));
  });

  it('with several disks gives the first drive’s', async () => {
    const disk = await makeDisk(at('disk'), 'vmdk');
    const other = await makeDisk(at('other'), 'vdi');
    const path = await makeOva({ 'a.vmdk': disk, 'b.vdi': other }, ovfOf(['a.vmdk', 'b.vdi']));
    expect(await inspectReceived(path, rules)).toMatchObject({ format: 'vdi', leftOut: ['a.vmdk'] });
  });

  it('may have its OVF anywhere, and names longer than a header has room for', async () => {
    const name = `${'long-'.repeat(40)}.vmdk`;
    const disk = await makeDisk(at(name), 'vmdk');
    await writeFile(at('x.ovf'), ovfOf([name]));
    for (const format of ['gnu', 'pax']) {
      await run('tar', [`--format=${format}`, '-cf', at('x.ova'), '-C', folder, name, 'x.ovf']);
      const { part } = await inspectReceived(at('x.ova'), rules);
      expect(part?.bytes).toBe((await stat(disk)).size);
    }
  });

  test.each([
    ['no-disk-inside', 'no disk', ovfOf([])],
    ['no-disk-inside', 'a disk that is not there', ovfOf(['missing.vmdk'])],
    ['no-disk-inside', 'a disk outside', ovfOf(['../../etc/shadow'])],
    ['no-disk-inside', 'a disk at an absolute path', ovfOf(['/etc/shadow'])],
    ['no-disk-inside', 'a compressed disk', ovfOf(['disk.vmdk'], 'ovf:compression="gzip"')],
    ['no-disk-inside', 'a disk in pieces', ovfOf(['disk.vmdk'], 'ovf:chunkSize="1024"')],
    ['damaged', 'an OVF that is no XML', 'not XML'],
    ['damaged', 'entities', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/shadow">]><Envelope>&e;</Envelope>'],
    ['damaged', 'another document', '<html/>'],
  ])('is refused (%s) with %s', async (reason, _, ovf) => {
    const disk = await makeDisk(at('disk'), 'vmdk');
    const path = await makeOva({ 'disk.vmdk': disk }, ovf);
    await expect(inspectReceived(path, rules)).rejects.toMatchObject(refusal(reason));
  });

  it('is refused when its disk is harmful, or cut off', async () => {
    const overlay = await qcow2('overlay', '-b', '/etc/shadow', '-F', 'raw', '-u', '8M');
    const harmful = await makeOva({ 'disk.vmdk': overlay }, ovfOf(['disk.vmdk']));
    await expect(inspectReceived(harmful, rules)).rejects.toMatchObject(refusal('has-backing-file'));
    const disk = await makeDisk(at('disk'), 'vmdk');
    const path = await makeOva({ 'disk.vmdk': disk }, ovfOf(['disk.vmdk']));
    await truncate(path, (await stat(path)).size - 64 * 1024);
    await expect(inspectReceived(path, rules)).rejects.toMatchObject(refusal('damaged'));
  });

  it('is a tar archive with an OVF; others are refused', async () => {
    const path = await makeArchive(at('backup.tar'), { hosts: '/etc/hosts' });
    await expect(inspectReceived(path, rules)).rejects.toMatchObject(refusal('no-disk-inside'));
    await writeFile(
      at('garbage'),
      Buffer.concat([Buffer.alloc(257, 1), Buffer.from('ustar'), Buffer.alloc(4096, 2)]),
    );
    await expect(inspectReceived(at('garbage'), rules)).rejects.toMatchObject(refusal('damaged'));
  });
});

describe('refused', () => {
  const both = [inspectReceived, inspectImage] as const;

  async function expectRefused(path: string, reason: string): Promise<void> {
    for (const inspect of both) await expect(inspect(path, rules)).rejects.toMatchObject(refusal(reason));
  }

  test('a qcow2 over a file of the host', async () => {
    await expectRefused(await qcow2('x', '-b', '/etc/shadow', '-F', 'raw', '-u', '1M'), 'has-backing-file');
  });

  test('a qcow2 with its data elsewhere', async () => {
    const path = await qcow2('x', '-o', `data_file=${at('data')},data_file_raw=on`, '1M');
    await expectRefused(path, 'has-external-data');
  });

  test('an encrypted qcow2', async () => {
    const secret = ['--object', 'secret,id=s,data=secret'];
    await run('qemu-img', [
      'create',
      '-q',
      ...secret,
      '-f',
      'qcow2',
      '-o',
      'encrypt.format=aes,encrypt.key-secret=s',
      at('x'),
      '1M',
    ]);
    await expectRefused(at('x'), 'encrypted');
  });

  test('a disk of 10 TiB', async () => {
    await expectRefused(await qcow2('x', '10T'), 'too-large');
    await run('qemu-img', ['create', '-q', '-f', 'vhdx', at('y'), '10T']);
    await expect(inspectReceived(at('y'), rules)).rejects.toMatchObject(refusal('too-large'));
  });

  test('a vmdk that names other files', async () => {
    await run('qemu-img', [
      'create',
      '-q',
      '-f',
      'vmdk',
      '-o',
      'subformat=monolithicFlat',
      at('flat.vmdk'),
      '1M',
    ]);
    await expect(inspectReceived(at('flat.vmdk'), rules)).rejects.toMatchObject(refusal('unknown-format'));
    await makeDisk(at('parent.vmdk'), 'vmdk');
    const child = ['-f', 'vmdk', '-b', at('parent.vmdk'), '-F', 'vmdk', at('child.vmdk')];
    await run('qemu-img', ['create', '-q', ...child]);
    await expect(inspectReceived(at('child.vmdk'), rules)).rejects.toMatchObject(refusal('has-backing-file'));
  });

  test.each([
    ['raw', undefined],
    ['qcow2', undefined],
    ['vmdk', 'subformat=monolithicSparse'],
    ['vmdk', 'subformat=streamOptimized'],
    ['vhdx', undefined],
    ['vdi', undefined],
    ['vpc', 'subformat=dynamic'],
  ] as const)('a %s (%s) that was cut off', async (format, options) => {
    const path = await makeDisk(at('disk'), format, options);
    const { size } = await stat(path);
    // First a little at the end, then nearly all.
    for (const length of [size - 70_000, 3 * 1024]) {
      await truncate(path, length);
      await expect(inspectReceived(path, rules)).rejects.toMatchObject(refusal('damaged'));
    }
  });

  test('a medium that was cut off', async () => {
    const path = await makeIso(at('x.iso'));
    await truncate(path, 600 * 1024);
    await expectRefused(path, 'damaged');
  });

  test('nothing at all, noise, text', async () => {
    await writeFile(at('empty.iso'), '');
    await writeFile(at('zeros.img'), Buffer.alloc(MIB));
    await writeFile(at('text.qcow2'), 'QFI');
    for (const name of ['empty.iso', 'zeros.img', 'text.qcow2'])
      await expectRefused(at(name), 'unknown-format');
  });

  test('what is no file: a link, a FIFO, a folder, a device', async () => {
    await symlink(await makeDisk(at('disk'), 'raw'), at('link'));
    await run('mkfifo', [at('fifo')]);
    await mkdir(at('folder'));
    for (const path of [at('link'), at('fifo'), at('folder'), '/dev/zero']) {
      await expectRefused(path, 'unknown-format');
    }
  });
});
