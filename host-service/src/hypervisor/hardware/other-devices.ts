import type { OtherDevice } from '@limen/contract';
import type { DomainXml, XmlElement } from 'node-libvirt';

interface Kind {
  readonly kind: OtherDevice['kind'];
  /** What tells one from another, as paths from its element. */
  readonly paths: readonly string[];
}

/** By the name of libvirt's element; disks and interfaces have records of their own. */
const KINDS: Readonly<Record<string, Kind>> = {
  controller: { kind: 'controller', paths: ['@type', '@index', '@model'] },
  filesystem: { kind: 'filesystem', paths: ['driver/@type', 'source/@dir', 'target/@dir'] },
  smartcard: { kind: 'smartcard', paths: ['@mode', '@type'] },
  serial: { kind: 'serial', paths: ['@type', 'target/@type', 'target/@port', 'source/@path'] },
  parallel: { kind: 'parallel', paths: ['@type', 'target/@port', 'source/@path'] },
  console: { kind: 'console', paths: ['@type', 'target/@type', 'target/@port'] },
  channel: { kind: 'channel', paths: ['@type', 'target/@name'] },
  input: { kind: 'input', paths: ['@type', '@bus', '@model'] },
  tpm: { kind: 'tpm', paths: ['@model', 'backend/@type', 'backend/@version'] },
  graphics: { kind: 'graphics', paths: ['@type', 'listen/@type', 'listen/@address'] },
  sound: { kind: 'sound', paths: ['@model'] },
  video: { kind: 'video', paths: ['model/@type', 'model/@vram', 'model/@heads'] },
  hostdev: { kind: 'host-device', paths: ['@type', 'source/vendor/@id', 'source/product/@id'] },
  redirdev: { kind: 'redirected-device', paths: ['@bus', '@type'] },
  watchdog: { kind: 'watchdog', paths: ['@model', '@action'] },
  memballoon: { kind: 'balloon', paths: ['@model'] },
  rng: { kind: 'rng', paths: ['@model', 'backend/@model', 'backend'] },
  panic: { kind: 'panic', paths: ['@model'] },
  vsock: { kind: 'vsock', paths: ['@model', 'cid/@address'] },
};

/** Devices without a form of their own, in the order of the definition. */
export function describeOthers({ devices }: DomainXml): OtherDevice[] {
  return (devices.element?.elements() ?? []).flatMap((element) => {
    const known = element.namespace === null ? KINDS[element.name] : undefined;
    return known === undefined ? [] : { kind: known.kind, summary: summaryOf(element, known.paths) };
  });
}

function summaryOf(element: XmlElement, paths: readonly string[]): string {
  const parts = paths.map((path) => element.get(path));
  if (element.name === 'hostdev') parts.push(pciAddress(element));
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

/** As lspci writes it. */
function pciAddress(hostdev: XmlElement): string | null {
  const address = hostdev.find('source/address');
  const [domain, bus, slot, fn] = ['domain', 'bus', 'slot', 'function'].map((name) =>
    Number(address?.attribute(name) ?? Number.NaN),
  );
  if (![domain, bus, slot, fn].every(Number.isInteger)) return null;
  return `${hex(domain, 4)}:${hex(bus, 2)}:${hex(slot, 2)}.${hex(fn, 1)}`;
}

function hex(value: number | undefined, digits: number): string {
  return (value ?? 0).toString(16).padStart(digits, '0');
}
