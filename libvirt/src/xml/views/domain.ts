import { exactText, text, yesNo } from '../fields/field.ts';
import { withFields } from '../fields/field-view.ts';
import { list } from '../fields/structure.ts';
import { XmlDocument } from '../xml-document.ts';
import type { ElementSpec } from '../dom.ts';
import { parseInteger, readInteger } from '../quantity.ts';
import { DomainCpu } from './domain-cpu.ts';
import { DomainDevices } from './domain-devices.ts';
import { DomainFeatures } from './domain-features.ts';
import { DomainClock, DomainOs, DomainPm, Sysinfo } from './domain-os.ts';
import { resourceFields } from './domain-resources.ts';
import { NamedDocument } from './xml-view.ts';

type LifecycleAction = 'destroy' | 'restart' | 'preserve' | 'rename-restart';

const fields = {
  ...resourceFields,
  /** Tells Windows guests that they were restored or copied; written as an empty text it is libvirt's choice. */
  genid: exactText('genid'),
  /** What happens when the guest powers off. */
  onPoweroff: text<LifecycleAction>('on_poweroff'),
  onReboot: text<LifecycleAction>('on_reboot'),
  onCrash: text<LifecycleAction | 'coredump-destroy' | 'coredump-restart'>('on_crash'),
  onLockfailure: text<'poweroff' | 'restart' | 'pause' | 'ignore'>('on_lockfailure'),
  /** How it is kept apart by the host: `dac`, `apparmor`, `selinux`. */
  securityLabels: list('seclabel', {
    type: text<'dynamic' | 'static' | 'none'>('@type'),
    model: text<'dac' | 'apparmor' | 'selinux' | 'none'>('@model'),
    relabel: yesNo('@relabel'),
    label: text('label'),
    baselabel: text('baselabel'),
    imagelabel: text('imagelabel'),
  }),
  /** `sev`, `s390-pv`: memory the host cannot read. */
  launchSecurity: text<'sev' | 's390-pv'>('launchSecurity/@type'),
};

export interface VcpuCount {
  /** Plugged in at start. */
  readonly current: number;
  readonly maximum: number;
}

/** What every domain has. */
export interface DomainOptions {
  readonly type: 'kvm' | 'qemu' | 'test';
  readonly name: string;
  /** libvirt chooses one unless given. */
  readonly uuid?: string;
  /** Bytes. */
  readonly memory: number;
  readonly vcpus: VcpuCount;
  readonly architecture: string;
  /** `q35`, `pc`, `virt`; libvirt writes the version it chose. */
  readonly machine: string;
}

/** The definition of a domain, as `domains.getXmlDesc` returns and `domains.defineXml` takes it. */
export class DomainXml extends withFields(NamedDocument, fields) {
  readonly devices: DomainDevices;
  readonly os: DomainOs;
  readonly features: DomainFeatures;
  readonly cpu: DomainCpu;
  readonly clock: DomainClock;
  readonly pm: DomainPm;

  constructor(document: XmlDocument) {
    super(document);
    this.devices = new DomainDevices(this.root);
    this.os = new DomainOs(this.root);
    this.features = new DomainFeatures(this.root);
    this.cpu = new DomainCpu(this.root);
    this.clock = new DomainClock(this.root);
    this.pm = new DomainPm(this.root);
  }

  /** @throws {XmlSyntaxError} when the text is no `<domain>` document. */
  static parse(text: string): DomainXml {
    return new DomainXml(XmlDocument.parse(text, 'domain'));
  }

  /** A full machine that libvirt accepts, without devices; ACPI where the architecture is x86. */
  static create(options: DomainOptions): DomainXml {
    const { type, name, uuid = null, memory, vcpus, architecture, machine } = options;
    const domain = new DomainXml(XmlDocument.create({ name: 'domain', attributes: { type } }));
    domain.name = name;
    domain.uuid = uuid;
    domain.memory = memory;
    domain.vcpus = vcpus;
    domain.os.type = 'hvm';
    domain.os.architecture = architecture;
    domain.os.machine = machine;
    if (architecture === 'x86_64' || architecture === 'i686') {
      domain.features.acpi = true;
      domain.features.apic = true;
    }
    return domain;
  }

  /** The kind of hypervisor: `kvm`, `qemu`, `test`, … */
  get type(): string {
    return this.root.attribute('type') ?? '';
  }

  set type(value: string) {
    this.root.setAttribute('type', value);
  }

  /** Number of a running domain; null when it is off. */
  get id(): number | null {
    return readInteger(this.root.attribute('id'));
  }

  /** Bytes the guest has at start, and at most unless memory can be plugged in. 0 when not said. */
  get memory(): number {
    return this.bytes('memory', 'KiB') ?? 0;
  }

  set memory(bytes: number) {
    this.setBytes('memory', bytes);
  }

  /** Bytes the balloon leaves to the guest; all of {@link memory} unless said. */
  get currentMemory(): number {
    return this.bytes('currentMemory', 'KiB') ?? this.memory;
  }

  set currentMemory(bytes: number) {
    this.setBytes('currentMemory', bytes);
  }

  get vcpus(): VcpuCount {
    const maximum = readInteger(this.root.get('vcpu') || null) ?? 1;
    const current = this.root.get('vcpu/@current');
    return { current: current === null ? maximum : parseInteger(current), maximum };
  }

  set vcpus({ current, maximum }: VcpuCount) {
    this.root.set('vcpu', maximum);
    this.root.set('vcpu/@current', current === maximum ? null : current);
  }

  /** What the guest's firmware tells about the machine; null when nothing is said. */
  get sysinfo(): Sysinfo | null {
    const found = this.root.children('sysinfo').find((element) => element.attribute('type') === 'smbios');
    return found === undefined ? null : new Sysinfo(found);
  }

  /** As {@link sysinfo}, made where there was none, and shown to the guest. */
  ensureSysinfo(): Sysinfo {
    this.os.smbios = 'sysinfo';
    return this.sysinfo ?? new Sysinfo(this.root.add({ name: 'sysinfo', attributes: { type: 'smbios' } }));
  }

  /** Add an element to the definition where libvirt would print it; for parts without an accessor. */
  add(spec: ElementSpec): void {
    this.root.add(spec);
  }
}
