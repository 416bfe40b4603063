import { describe, expect, test } from 'vitest';
import { parseDomainXml } from './domain-xml.ts';
import { METADATA_NAMESPACE, NO_METADATA } from './machine-metadata.ts';

/** As libvirt 9.0 prints it, less the controllers and addresses nobody reads here. */
const q35 = `<domain type='kvm'>
  <name>web</name>
  <uuid>d467edeb-906e-44ca-a439-76cada795e13</uuid>
  <title>Web &amp; &quot;mail&quot; &lt;prod&gt;</title>
  <description>Line one
Line two — ünïcode</description>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="http://libosinfo.org/xmlns/libvirt/domain/1.0">
      <libosinfo:os id="http://debian.org/debian/12"/>
    </libosinfo:libosinfo>
    <x:y xmlns:x="urn:x">
      <x:os id="no"/>
    </x:y>
  </metadata>
  <memory unit='KiB'>524288</memory>
  <currentMemory unit='KiB'>262144</currentMemory>
  <vcpu placement='static' current='2'>4</vcpu>
  <os firmware='efi'>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
    <boot dev='hd'/>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/var/lib/libvirt/images/a&amp;b.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <disk type='volume' device='disk'>
      <driver name='qemu'/>
      <source pool='default' volume='b.qcow2'/>
      <target dev='vdb' bus='virtio'/>
    </disk>
    <disk type='network' device='disk'>
      <driver name='qemu' type='raw'/>
      <source protocol='rbd' name='rbd/image'>
        <host name='mon' port='6789'/>
      </source>
      <target dev='vdc' bus='virtio'/>
    </disk>
    <disk type='file' device='cdrom'>
      <driver name='qemu' type='raw'/>
      <target dev='sda' bus='sata'/>
      <readonly/>
    </disk>
    <disk type='block' device='lun'>
      <driver name='qemu' type='raw'/>
      <source dev='/dev/sdz'/>
      <target dev='sdb' bus='scsi'/>
    </disk>
    <interface type='network'>
      <mac address='52:54:00:11:22:33'/>
      <source network='default' portid='7a0c2a4e-7a35-4d8f-8a2e-0f4b7a1f2c3d' bridge='virbr0'/>
      <model type='virtio'/>
    </interface>
    <interface type='bridge'>
      <mac address='52:54:00:11:22:34'/>
      <source bridge='br0'/>
      <model type='e1000'/>
    </interface>
    <interface type='user'>
      <mac address='52:54:00:11:22:35'/>
    </interface>
    <interface type='direct'>
      <mac address='52:54:00:11:22:36'/>
      <source dev='eth0' mode='bridge'/>
      <model type='rtl8139'/>
    </interface>
    <serial type='pty'>
      <target type='isa-serial' port='0'>
        <model name='isa-serial'/>
      </target>
    </serial>
    <console type='pty'>
      <target type='serial' port='0'/>
    </console>
    <graphics type='spice' autoport='yes'>
      <listen type='address'/>
    </graphics>
    <graphics type='vnc'>
      <listen type='socket' socket='/var/lib/libvirt/qemu/domain-4-web/vnc.sock'/>
    </graphics>
  </devices>
</domain>`;

test('a q35 machine with UEFI and every kind of disk and interface', () => {
  expect(parseDomainXml(q35)).toEqual({
    name: 'web',
    title: 'Web & "mail" <prod>',
    description: 'Line one\nLine two — ünïcode',
    accelerator: 'kvm',
    architecture: 'x86_64',
    machineType: 'pc-q35-7.2',
    firmware: 'uefi',
    vcpus: { current: 2, maximum: 4 },
    memory: { currentBytes: 256 * 1024 ** 2, maximumBytes: 512 * 1024 ** 2 },
    osId: 'http://debian.org/debian/12',
    disks: [
      {
        target: 'vda',
        format: 'qcow2',
        device: 'disk',
        bus: 'virtio',
        source: '/var/lib/libvirt/images/a&b.qcow2',
        bootOrder: 1,
      },
      {
        target: 'vdb',
        device: 'disk',
        bus: 'virtio',
        source: 'default/b.qcow2',
        format: null,
        bootOrder: null,
      },
      { target: 'vdc', device: 'disk', bus: 'virtio', source: 'rbd/image', format: 'raw', bootOrder: null },
      { target: 'sda', device: 'cdrom', bus: 'sata', source: null, format: 'raw', bootOrder: null },
      { target: 'sdb', device: 'lun', bus: 'scsi', source: '/dev/sdz', format: 'raw', bootOrder: null },
    ],
    interfaces: [
      { mac: '52:54:00:11:22:33', model: 'virtio', type: 'network', source: 'default', bootOrder: null },
      { mac: '52:54:00:11:22:34', model: 'e1000', type: 'bridge', source: 'br0', bootOrder: null },
      { mac: '52:54:00:11:22:35', model: null, type: 'user', source: null, bootOrder: null },
      { mac: '52:54:00:11:22:36', model: 'rtl8139', type: 'direct', source: 'eth0', bootOrder: null },
    ],
    consoles: { vnc: true, serial: true },
    ...NO_METADATA,
    vnc: { socket: '/var/lib/libvirt/qemu/domain-4-web/vnc.sock', address: null, port: null },
  });
});

test('a bare pc machine: no title, no metadata, no screen, no disks', () => {
  const xml = `<domain type='qemu' id='4'>
  <name>bare</name>
  <memory unit='KiB'>32768</memory>
  <currentMemory unit='KiB'>32768</currentMemory>
  <vcpu placement='static'>1</vcpu>
  <os><type arch='i686' machine='pc-i440fx-7.2'>hvm</type></os>
  <devices><serial type='file'><source path='/tmp/log'/></serial></devices>
</domain>`;
  expect(parseDomainXml(xml)).toMatchObject({
    title: null,
    description: null,
    accelerator: 'tcg',
    architecture: 'i686',
    firmware: 'bios',
    vcpus: { current: 1, maximum: 1 },
    osId: null,
    disks: [],
    interfaces: [],
    // A serial port to a file cannot be opened as a console.
    consoles: { vnc: false, serial: false },
    ...NO_METADATA,
    vnc: null,
  });
});

test.each([
  ["<os firmware='bios'><type>hvm</type></os>", 'bios'],
  [
    "<os><type>hvm</type><loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE.fd</loader></os>",
    'uefi',
  ],
  ["<os><type>hvm</type><loader type='rom'>/usr/lib/xen/boot/hvmloader</loader></os>", 'bios'],
])('firmware of %s', (os, firmware) => {
  expect(parseDomainXml(`<domain type='qemu'><name>f</name>${os}</domain>`).firmware).toBe(firmware);
});

function graphics(xml: string) {
  return parseDomainXml(`<domain type='qemu'><name>v</name><devices>${xml}</devices></domain>`).vnc;
}

test('a VNC server on TCP, in the present and the older form', () => {
  const listen = "<listen type='address' address='0.0.0.0'/>";
  expect(
    graphics(`<graphics type='vnc' port='5900' autoport='yes' listen='0.0.0.0'>${listen}</graphics>`),
  ).toEqual({
    socket: null,
    address: '0.0.0.0',
    port: 5900,
  });
  expect(graphics("<graphics type='vnc' port='-1' autoport='yes' listen='::1'/>")).toEqual({
    socket: null,
    address: '::1',
    port: null,
  });
});

test('what users write stays text, however long and whatever it looks like', () => {
  const description = '&lt;name&gt;evil&lt;/name&gt; &amp;amp; '.repeat(20_000);
  const xml = `<domain type='qemu'><name>__proto__</name><description>${description}</description></domain>`;
  const machine = parseDomainXml(xml);
  expect(machine.name).toBe('__proto__');
  expect(machine.description).toBe('<name>evil</name> &amp; '.repeat(20_000).trim());
});

test('something that is no domain is refused', () => {
  expect(() => parseDomainXml('<network><name>n</name></network>')).toThrow(SyntaxError);
  expect(() => parseDomainXml('')).toThrow(SyntaxError);
});

describe('boot order', () => {
  const devices = `<devices>
      <disk device='cdrom'><target dev='sda' bus='sata'/>ORDER</disk>
      <disk device='disk'><target dev='vda' bus='virtio'/></disk>
      <disk device='disk'><target dev='vdb' bus='virtio'/></disk>
      <interface type='user'/>
    </devices>`;

  test('by kind means the first device of each', () => {
    const { disks, interfaces } = parseDomainXml(
      `<domain><os><boot dev='network'/><boot dev='hd'/></os>${devices.replace('ORDER', '')}</domain>`,
    );
    expect(disks.map((disk) => disk.bootOrder)).toEqual([null, 2, null]);
    expect(interfaces.map((one) => one.bootOrder)).toEqual([1]);
  });

  test('by device is what the device says', () => {
    const { disks } = parseDomainXml(`<domain>${devices.replace('ORDER', "<boot order='3'/>")}</domain>`);
    expect(disks.map((disk) => disk.bootOrder)).toEqual([3, null, null]);
  });
});

function withMetadata(text: string): string {
  return `<domain><name>x</name><metadata>${text}</metadata></domain>`;
}

describe('what LIMEN keeps in the definition', () => {
  const IMAGE = '7a0c2a4e-7a35-4d8f-8a2e-0f4b7a1f2c3d';
  test('is read back', () => {
    const xml = `<l:machine xmlns:l="${METADATA_NAMESPACE}" preset="debian-12" image="${IMAGE}" linked="yes" installing="yes">
        <l:tag>web</l:tag><l:tag>lab</l:tag>
        <l:trash at="2026-01-01T00:00:00Z" purge-at="2026-01-08T00:00:00Z" by="admin" name="web-1"/>
      </l:machine>`;
    expect(parseDomainXml(withMetadata(xml))).toMatchObject({
      managed: true,
      presetId: 'debian-12',
      imageId: IMAGE,
      linkedTo: IMAGE,
      installing: true,
      tags: ['web', 'lab'],
      trashed: {
        at: '2026-01-01T00:00:00.000Z',
        purgeAt: '2026-01-08T00:00:00.000Z',
        by: 'admin',
        name: 'web-1',
      },
    });
  });

  test('is absent where somebody wrote nonsense', () => {
    const xml = `<l:machine xmlns:l="${METADATA_NAMESPACE}" image="../x" linked="yes"><l:trash at="soon"/></l:machine>`;
    expect(parseDomainXml(withMetadata(xml))).toMatchObject({
      managed: true,
      imageId: null,
      linkedTo: null,
      installing: false,
      trashed: null,
    });
  });
});
