import { SnapshotXml } from 'node-libvirt';
import { describe, expect, test } from 'vitest';
import { describeSnapshot } from './describe-snapshot.ts';

const disks = `<devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/d/a.qcow2'/>
  <target dev='vda' bus='virtio'/></disk></devices>`;

function described(parts: string): ReturnType<typeof describeSnapshot> {
  const text = `<domainsnapshot><name>one</name><description>a &amp; b</description>
    <parent><name>zero</name></parent><creationTime>1795287761</creationTime>${parts}
    <domain type='qemu'><name>m</name>${disks}</domain></domainsnapshot>`;
  return describeSnapshot(SnapshotXml.parse(text), true);
}

describe('what libvirt says of a snapshot', () => {
  test('inside the disk, with memory', () => {
    expect(
      described(
        "<state>running</state><memory snapshot='internal'/><disks><disk name='vda' snapshot='internal'/></disks>",
      ),
    ).toMatchObject({
      name: 'one',
      description: 'a & b',
      parent: 'zero',
      createdAt: new Date('2026-11-21T19:02:41.000Z'),
      current: true,
      kind: 'internal',
      state: 'running',
      memory: true,
      memoryFile: null,
      disks: [{ target: 'vda', path: '/d/a.qcow2', format: 'qcow2', kind: 'internal', overlay: null }],
    });
  });

  test('on top of the disk, with memory in a file', () => {
    const overlay = "<disk name='vda' snapshot='external' type='file'><source file='/d/b.qcow2'/></disk>";
    expect(
      described(
        `<state>paused</state><memory snapshot='external' file='/d/m.save'/><disks>${overlay}</disks>`,
      ),
    ).toMatchObject({
      kind: 'external',
      state: 'paused',
      memory: true,
      memoryFile: '/d/m.save',
      disks: [{ kind: 'external', path: '/d/a.qcow2', overlay: '/d/b.qcow2' }],
    });
  });

  test('disks alone, and of a machine that is off', () => {
    const left = "<memory snapshot='no'/><disks><disk name='vda' snapshot='no'/></disks>";
    expect(described(`<state>disk-snapshot</state>${left}`)).toMatchObject({
      kind: null,
      state: 'disk-only',
    });
    expect(described(`<state>shutoff</state>${left}`)).toMatchObject({ memory: false, state: 'off' });
  });

  test('kinds that another tool mixed are none', () => {
    expect(
      described(
        "<memory snapshot='external' file='/m'/><disks><disk name='vda' snapshot='internal'/></disks>",
      ),
    ).toMatchObject({ kind: null });
  });
});
