import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Disk } from '../views/devices/disk.ts';
import { NetworkInterface } from '../views/devices/network-interface.ts';
import { Tpm } from '../views/devices/guest-services.ts';
import { DomainXml } from '../views/domain.ts';
import { NetworkXml } from '../views/network.ts';
import { XmlDocument } from '../xml-document.ts';
import { XmlView } from '../views/xml-view.ts';
import { feature, hexadecimal, integer, present, required, size, text, yesNo } from './field.ts';
import { withFields } from './field-view.ts';
import { attributes, entries, list, record, texts } from './structure.ts';

class Everything extends withFields(XmlView, {
  name: text('name'),
  kind: text('a/b/@kind'),
  count: integer('a/b/@count'),
  base: hexadecimal('@base', 4),
  shown: yesNo('shown/@value'),
  there: present('there'),
  smm: feature('features/smm'),
  memory: size('memory', 'KiB'),
  rate: record('rate', { average: integer('@average'), peak: integer('@peak') }),
  hosts: list('dns/host', { ip: required(text('@ip'), ''), names: texts('name') }),
  words: texts('words/word'),
  anything: attributes('address'),
  notes: entries('notes', 'note'),
}) {}

const foreign = '<x:keep xmlns:x="urn:x" a="1">text</x:keep><!-- note -->';

function open(content = ''): Everything {
  return new Everything(XmlDocument.parse(`<root z="1">${foreign}${content}</root>`).root);
}

test('what is not said is null, false or empty', () => {
  const { there, hosts, words, name, kind, count, base, shown, smm, memory, rate, anything, notes } = open();
  for (const value of [name, kind, count, base, shown, smm, memory, rate, anything, notes]) {
    expect(value).toBeNull();
  }
  expect([there, hosts, words]).toEqual([false, [], []]);
});

test('null takes back what was said, and the elements that said nothing else', () => {
  const view = open('<a><b kind="k" count="2"/></a>');
  const before = open().toString();
  view.kind = null;
  expect(view.count).toBe(2);
  view.count = null;
  view.smm = true;
  view.smm = null;
  view.hosts = [{ ip: '192.0.2.1' }];
  view.hosts = [];
  view.rate = { peak: 1 };
  view.rate = null;
  expect(view.toString()).toBe(before);
});

test('an element with something unknown in it stays', () => {
  const view = open('<a><b kind="k" unknown="1"/></a><rate average="1" unknown="1"/>');
  view.kind = null;
  view.rate = { peak: 2 };
  expect(view.toString()).toContain('<a><b unknown="1"/></a><rate unknown="1" peak="2"/>');
});

test('nothing is pruned that was not asked to go', () => {
  const view = open('<a><b/></a>');
  view.kind = null;
  expect(view.toString()).toContain('<a><b/></a>');
});

const anyText = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  // oxlint-disable-next-line no-control-regex -- what XML cannot carry
  .map((value) => value.replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').trim());
const number = fc.nat();

test('whatever is written is read back after it was text, and what is foreign stays', () => {
  const values = fc.record({
    name: fc.option(anyText),
    kind: fc.option(anyText),
    count: fc.option(number),
    base: fc.option(number),
    shown: fc.option(fc.boolean()),
    there: fc.boolean(),
    smm: fc.option(fc.boolean()),
    memory: fc.option(number),
    rate: fc.option(fc.record({ average: number, peak: number })),
    hosts: fc.array(fc.record({ ip: anyText, names: fc.array(anyText, { minLength: 1, maxLength: 3 }) })),
    words: fc.array(anyText),
    notes: fc.option(fc.dictionary(anyText, anyText)),
    anything: fc.option(fc.dictionary(fc.constantFrom('a', 'type', 'bus'), anyText, { minKeys: 1 })),
  });
  fc.assert(
    fc.property(values, values, (first, second) => {
      const view = open();
      for (const each of [first, second]) {
        Object.assign(view, each);
        const again = new Everything(XmlDocument.parse(view.toString()).root);
        for (const [name, value] of Object.entries(each)) {
          expect(again[name as keyof typeof each]).toEqual(value);
        }
        expect(again.toString()).toContain(foreign);
        expect(again.element.attribute('z')).toBe('1');
      }
    }),
    { numRuns: 300 },
  );
});

test('control characters are refused by name', () => {
  const disk = Disk.create({ target: 'vda', bus: 'virtio', format: 'raw' });
  expect(() => {
    disk.source = { type: 'file', file: '/a\u0000' };
  }).toThrow('XML cannot carry the character U+0000');
  expect(() => {
    disk.serial = 'a\u0007';
  }).toThrow(RangeError);
  expect(disk.serial).toBeNull();
  expect(() => NetworkXml.create({ name: '\u001B' })).toThrow(RangeError);
});

test('a device is made alone, and its copy goes into a domain', () => {
  const domain = DomainXml.create({
    type: 'kvm',
    name: 'n',
    memory: 1024,
    vcpus: { current: 1, maximum: 1 },
    architecture: 'aarch64',
    machine: 'virt',
  });
  const tpm = Tpm.create({ model: 'tpm-tis' });
  const added = domain.devices.add(tpm);
  expect(added).toBeInstanceOf(Tpm);
  added.activePcrBanks = ['sha256', 'sha384'];
  expect(added.activePcrBanks).toEqual(['sha256', 'sha384']);
  expect(tpm.activePcrBanks).toEqual([]);
  expect(domain.features.acpi).toBe(false);
  added.remove();
  expect(domain.devices.tpms).toEqual([]);
});

test('disks get the next free name of their bus', () => {
  const domain = DomainXml.parse('<domain/>');
  for (let index = 0; index < 28; index += 1) {
    const target = domain.devices.nextTargetDev('virtio');
    domain.devices.add(Disk.create({ target, bus: 'virtio', format: 'raw' }));
  }
  const names = domain.devices.disks.map(({ target }) => target);
  expect(names.slice(24)).toEqual(['vdy', 'vdz', 'vdaa', 'vdab']);
  domain.devices.disks[1]?.remove();
  expect(domain.devices.nextTargetDev('virtio')).toBe('vdb');
  expect(['ide', 'fdc', 'usb'].map((bus) => domain.devices.nextTargetDev(bus))).toEqual([
    'hda',
    'fda',
    'sda',
  ]);
});

test('a new source takes nothing over from the old one', () => {
  const nic = NetworkInterface.create({ source: { type: 'network', network: 'a' }, model: 'virtio' });
  nic.element.set('source/@portid', 'p');
  nic.source = { type: 'user' };
  expect([nic.type, nic.element.has('source')]).toEqual(['user', false]);
  const backingChain = [{ format: 'raw', source: { type: 'file', file: '/b' } }] as const;
  const source = { type: 'file', file: '/a' } as const;
  const disk = Disk.create({ source, backingChain, target: 'vda', bus: 'virtio', format: 'qcow2' });
  expect(disk.backingChain).toEqual(backingChain);
  disk.source = { type: 'block', dev: '/dev/a' };
  expect([disk.type, disk.backingChain]).toEqual(['block', null]);
});
