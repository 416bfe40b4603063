import { expect, test } from 'vitest';
import { XmlDocument } from '../xml-document.ts';
import { CharacterDevice } from './devices/character-devices.ts';
import { Disk } from './devices/disk.ts';
import { Graphics } from './devices/graphics.ts';
import { Tpm } from './devices/guest-services.ts';
import { HostDevice } from './devices/host-device.ts';
import { NetworkInterface } from './devices/network-interface.ts';
import { DomainXml } from './domain.ts';

const OSINFO = 'http://libosinfo.org/xmlns/libvirt/domain/1.0';

const text = `<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>web</name>
  <uuid>d467edeb-906e-44ca-a439-76cada795e13</uuid>
  <description>Line one
 line two</description>
  <metadata>
    <libosinfo:libosinfo xmlns:libosinfo="${OSINFO}">
      <libosinfo:os id="http://debian.org/debian/12"/>
    </libosinfo:libosinfo>
  </metadata>
  <memory unit="MiB">512</memory>
  <currentMemory unit="KiB">262144</currentMemory>
  <vcpu placement="static" current="2">4</vcpu>
  <os firmware="efi">
    <type arch="x86_64" machine="pc-q35-7.2">hvm</type>
    <boot dev="cdrom"/>
    <boot dev="hd"/>
  </os>
  <features><acpi/><smm state="off"/></features>
  <cpu mode="host-model">
    <topology sockets="1" dies="1" cores="2" threads="2"/>
    <feature policy="disable" name="vmx"/>
  </cpu>
  <clock offset="utc"><timer name="rtc" tickpolicy="catchup"/></clock>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk" snapshot="external">
      <driver name="qemu" type="qcow2" queues="4"/>
      <source file="/a&amp;b.qcow2"/>
      <backingStore/>
      <target dev="vda" bus="virtio"/>
      <vendor>ACME</vendor>
    </disk>
    <controller type="usb" index="0" model="qemu-xhci"/>
    <interface type="network">
      <mac address="52:54:00:11:22:33"/>
      <source network="default"/>
      <model type="virtio"/>
    </interface>
    <graphics type="vnc" port="-1"><listen type="socket" socket="/run/vnc"/></graphics>
    <video><model type="virtio" heads="1"/></video>
    <rng model="virtio"><backend model="random">/dev/urandom</backend></rng>
  </devices>
  <qemu:commandline><qemu:arg value="-s"/></qemu:commandline>
</domain>`;

/** The lines a change removed and added. */
function difference(change: (domain: DomainXml) => void): { removed: string[]; added: string[] } {
  const domain = DomainXml.parse(text);
  change(domain);
  const [before, after] = [text.split('\n'), domain.toString().split('\n')];
  return {
    removed: before.filter((line) => !after.includes(line)).map((line) => line.trim()),
    added: after.filter((line) => !before.includes(line)).map((line) => line.trim()),
  };
}

test('reads what a definition says', () => {
  const { name, description, memory, currentMemory, vcpus, os, cpu, devices, ...domain } = open(text);
  expect({ name, description, memory, currentMemory, vcpus }).toEqual({
    name: 'web',
    description: 'Line one\n line two',
    memory: 512 * 1024 ** 2,
    currentMemory: 256 * 1024 ** 2,
    vcpus: { current: 2, maximum: 4 },
  });
  expect(os).toMatchObject({
    isUefi: true,
    machine: 'pc-q35-7.2',
    bootDevices: ['cdrom', 'hd'],
    loader: null,
  });
  expect(cpu.topology).toEqual({ sockets: 1, dies: 1, cores: 2, threads: 2 });
  expect(cpu.featurePolicy('vmx')).toBe('disable');
  expect([domain.acpi, domain.smm]).toEqual([true, false]);
  expect(devices.disks[0]).toMatchObject({
    source: { type: 'file', file: '/a&b.qcow2' },
    target: 'vda',
    bus: 'virtio',
    format: 'qcow2',
    readonly: false,
  });
  expect(devices.interfaces[0]).toMatchObject({
    source: { type: 'network', network: 'default' },
    mac: '52:54:00:11:22:33',
    linkUp: true,
  });
  expect(devices.graphics[0]).toMatchObject({ socket: '/run/vnc', port: null });
  expect(devices.videos[0]?.model).toBe('virtio');
  expect(devices.randomGenerators[0]?.model).toBe('virtio');
});

function open(xml: string) {
  const domain = DomainXml.parse(xml);
  const { name, description, memory, currentMemory, vcpus, os, cpu, devices } = domain;
  const [acpi, smm] = [domain.features.acpi, domain.features.smm];
  return { name, description, memory, currentMemory, vcpus, os, cpu, devices, acpi, smm };
}

test.each<[string, (domain: DomainXml) => void, string[], string[]]>([
  [
    'memory',
    (domain) => {
      domain.memory = 1024 ** 3;
    },
    ['<memory unit="MiB">512</memory>'],
    ['<memory unit="KiB">1048576</memory>'],
  ],
  [
    'vcpus',
    (domain) => {
      domain.vcpus = { current: 8, maximum: 8 };
    },
    ['<vcpu placement="static" current="2">4</vcpu>'],
    ['<vcpu placement="static">8</vcpu>'],
  ],
  [
    'title',
    (domain) => {
      domain.title = 'a < b';
    },
    [],
    ['<title>a &lt; b</title>'],
  ],
  [
    'boot order',
    (domain) => {
      domain.os.bootDevices = ['hd'];
    },
    ['<boot dev="cdrom"/>'],
    [],
  ],
  [
    'disk source',
    ({ devices }) => {
      for (const disk of devices.disks) disk.source = { type: 'block', dev: '/dev/sdb' };
    },
    [
      '<disk type="file" device="disk" snapshot="external">',
      '<source file="/a&amp;b.qcow2"/>',
      '<backingStore/>',
    ],
    ['<disk type="block" device="disk" snapshot="external">', '<source dev="/dev/sdb"/>'],
  ],
  [
    'link',
    ({ devices }) => {
      for (const nic of devices.interfaces) nic.linkUp = false;
    },
    [],
    ['<link state="down"/>'],
  ],
  [
    'feature of the processor',
    ({ cpu }) => {
      cpu.setFeaturePolicy('vmx', null);
      cpu.setFeaturePolicy('svm', 'require');
    },
    ['<feature policy="disable" name="vmx"/>'],
    ['<feature policy="require" name="svm"/>'],
  ],
  [
    'device',
    ({ devices }) => devices.controllers[0]?.remove(),
    ['<controller type="usb" index="0" model="qemu-xhci"/>'],
    [],
  ],
])('a changed %s changes nothing else', (_name, change, removed, added) => {
  expect(difference(change)).toEqual({ removed, added });
});

test('a program’s metadata is its own', () => {
  const domain = DomainXml.parse(text);
  domain.setMetadata('urn:limen', { name: 'limen:machine', attributes: { owner: '"x"' } });
  const written = domain.toString();
  expect(written).toContain(
    '    <limen:machine owner="&quot;x&quot;" xmlns:limen="urn:limen"/>\n  </metadata>',
  );
  const again = DomainXml.parse(written);
  expect(again.metadata('urn:limen')?.attribute('owner')).toBe('"x"');
  expect(again.metadata(OSINFO)?.child('os', OSINFO)?.attribute('id')).toBe('http://debian.org/debian/12');
  again.setMetadata('urn:limen', null);
  expect(again.toString()).toBe(text);
});

test('a definition is made from nothing, and every device is read back', () => {
  const domain = DomainXml.create({
    type: 'qemu',
    name: '</name>',
    memory: 1000,
    vcpus: { current: 2, maximum: 2 },
    architecture: 'x86_64',
    machine: 'q35',
  });
  domain.os.loader = { path: '/fw', type: 'pflash', readonly: true };
  domain.cpu.topology = { sockets: 1, cores: 2, threads: 1 };
  const source = { type: 'volume', pool: 'p"', volume: 'v' } as const;
  domain.devices.add(Disk.create({ source, target: 'vda', bus: 'virtio', format: 'qcow2', bootOrder: 1 }));
  domain.devices.add(Disk.create({ device: 'cdrom', target: 'sda', bus: 'sata', format: 'raw' }));
  const uplink = { type: 'direct', dev: 'eth0', mode: 'bridge' } as const;
  domain.devices.add(NetworkInterface.create({ source: uplink, model: 'virtio' }));
  domain.devices.add(Graphics.create({ type: 'vnc', listens: [{ type: 'socket' }] }));
  domain.devices.add(CharacterDevice.channel('org.qemu.guest_agent.0'));
  domain.devices.add(Tpm.create({ model: 'tpm-crb' }));
  const address = { domain: 0, bus: 0x1f, slot: 2, function: 1 };
  domain.devices.add(HostDevice.create({ source: { type: 'pci', address } }));
  const { devices, ...again } = DomainXml.parse(domain.toString());
  expect(again.document.root.get('name')).toBe('</name>');
  expect(again.document.root.child('memory')?.toString()).toBe('<memory unit="bytes">1000</memory>');
  expect(again.os).toMatchObject({ isUefi: true, loader: { path: '/fw', readonly: true } });
  expect(devices.disks.map((disk) => disk.source)).toEqual([source, null]);
  expect(devices.disks[0]?.bootOrder).toBe(1);
  expect(devices.interfaces[0]?.source).toEqual(uplink);
  expect(devices.channels[0]?.targetName).toBe('org.qemu.guest_agent.0');
  expect(devices.tpms[0]).toMatchObject({ backend: 'emulator', version: '2.0', model: 'tpm-crb' });
  expect(devices.hostDevices[0]?.source).toEqual({ type: 'pci', address });
});

function memory(xml: string): number {
  return new DomainXml(XmlDocument.parse(`<domain>${xml}</domain>`)).memory;
}

test('sizes beyond exact numbers are refused, and units are libvirt’s', () => {
  expect(memory('<memory>2</memory>')).toBe(2048);
  expect(memory("<memory unit='KB'>2</memory>")).toBe(2000);
  expect(memory("<memory unit='b'>2</memory>")).toBe(2);
  expect(memory("<memory unit='G'>2</memory>")).toBe(2 * 1024 ** 3);
  for (const wrong of [
    "<memory unit='EiB'>9</memory>",
    "<memory unit='x'>1</memory>",
    '<memory>-1</memory>',
  ]) {
    expect(() => memory(wrong)).toThrow(RangeError);
  }
});
