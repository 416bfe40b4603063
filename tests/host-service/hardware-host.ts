import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hardware, HardwareEditInput, ImageId, MachineId } from '@limen/contract';
import { machineId } from '@limen/contract';
import { guestDomainXml } from '../fixtures/guest-domain.ts';
import { buildGuest } from '../fixtures/guest.ts';
import { type HostService, startHostService } from '../fixtures/host-service.ts';
import { type PrivateLibvirtd, startLibvirtd } from '../fixtures/libvirtd.ts';
import { privateStorage } from '../fixtures/private-storage.ts';
import { run } from '../fixtures/run.ts';
import { fileSize, waitForLine } from '../fixtures/watch.ts';
import { type AdministratorSession, signIn } from './session.ts';

export const MIB = 2 ** 20;

/** Room for devices to be plugged in. */
const FREE_PORTS = 14;

export interface Medium {
  readonly id: ImageId;
  readonly path: string;
}

/** A host service, a libvirtd of its own, and guests whose hardware can be changed. */
export interface HardwareHost {
  readonly libvirtd: PrivateLibvirtd;
  readonly service: HostService;
  readonly session: AdministratorSession;
  /** LIMEN's own folder for disks. */
  readonly machinesDir: string;
  /** Put media of these sizes into the library; resolves to their ids and paths, in order. */
  addMedia(sizes: readonly number[]): Promise<Medium[]>;
  /** Define and start an isolated network. */
  addNetwork(name: string): Promise<void>;
  /** Define a guest with 1 of 4 vCPUs, 256 MiB of memory, a disk and an empty SCSI drive. */
  define(name: string, change?: (xml: string) => string): Promise<MachineId>;
  /** Start it and wait until it has booted and its agent answers. */
  boot(name: string): Promise<void>;
  get(id: MachineId): Promise<Hardware>;
  /** Edit on what is there now. */
  edit(
    id: MachineId,
    edits: HardwareEditInput | readonly HardwareEditInput[],
    when?: 'now' | 'next-start',
  ): ReturnType<AdministratorSession['api']['hardware']['edit']>;
  stop(): Promise<void>;
}

export async function startHardwareHost(): Promise<HardwareHost> {
  // Bridges of its own: networks are made for interfaces to be plugged into.
  const libvirtd = await startLibvirtd({ network: 'private' });
  try {
    return await startOn(libvirtd);
  } catch (error) {
    await libvirtd.stop();
    throw error;
  }
}

async function startOn(libvirtd: PrivateLibvirtd): Promise<HardwareHost> {
  const media = join(libvirtd.imagesDir, 'media');
  await mkdir(media);
  const { directory, environment } = await privateStorage(libvirtd, { scanDirectories: [media] });
  const service = await startHostService({ libvirtd, environment });
  const session = await signIn(service);
  const built = await buildGuest();
  const kernel = join(libvirtd.imagesDir, 'vmlinuz');
  const initrd = join(libvirtd.imagesDir, 'initrd.img');
  await run('cp', [built.kernel, kernel]);
  await run('cp', [built.initrd, initrd]);
  const { api } = session;
  return {
    libvirtd,
    service,
    session,
    machinesDir: join(directory, 'machines'),
    async addMedia(sizes) {
      for (const [at, bytes] of sizes.entries())
        await writeFile(join(media, `medium-${at}.iso`), emptyIso(bytes));
      const { added } = await api.images.scan({});
      return added.toSorted((a, b) => a.path.localeCompare(b.path)).map(({ id, path }) => ({ id, path }));
    },
    async addNetwork(name) {
      const file = join(libvirtd.guestDir, `${name}.xml`);
      await writeFile(file, `<network><name>${name}</name><bridge name='lt-${name}'/></network>`);
      await libvirtd.virsh('net-define', file);
      await libvirtd.virsh('net-start', name);
    },
    async define(name, change = (xml) => xml) {
      const disk = join(libvirtd.imagesDir, `${name}.qcow2`);
      await run('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
      const serialLog = join(libvirtd.guestDir, `${name}.serial`);
      const xml = guestDomainXml({ name, kernel, initrd, serialLog, disk, vnc: 'none' });
      await libvirtd.define(change(withRoom(xml)));
      const id = machineId.parse(await libvirtd.virsh('domuuid', name));
      await inventoryKnows(session, id);
      return id;
    },
    async boot(name) {
      const serialLog = join(libvirtd.guestDir, `${name}.serial`);
      // What an earlier boot said does not count.
      const from = await fileSize(serialLog);
      await libvirtd.virsh('start', name);
      await waitForLine(serialLog, 'LIMEN-READY', 180_000, from).catch(async (cause: unknown) => {
        throw new Error(await whereItStands(libvirtd, name), { cause });
      });
      await agentAnswers(libvirtd, name);
    },
    get: (id) => api.hardware.get({ machineId: id }),
    async edit(id, edits, when = 'now') {
      const { revision } = await api.hardware.get({ machineId: id });
      const all = Array.isArray(edits)
        ? [...(edits as readonly HardwareEditInput[])]
        : [edits as HardwareEditInput];
      return api.hardware.edit({ machineId: id, revision, edits: all, when });
    },
    async stop() {
      await session.close();
      await service.stop();
      await libvirtd.stop();
    },
  };
}

/** As much of ISO 9660 as it is recognised by: the first volume descriptor, in sector 16. */
function emptyIso(bytes: number): Buffer {
  const iso = Buffer.alloc(bytes);
  iso.write('\u0001CD001\u0001', 16 * 2048, 'latin1');
  return iso;
}

function withRoom(xml: string): string {
  const root = "<controller type='pci' index='0' model='pcie-root'/>";
  const ports = root + "<controller type='pci' model='pcie-root-port'/>".repeat(FREE_PORTS);
  const drive =
    "<controller type='scsi' model='virtio-scsi'/><disk type='file' device='cdrom'><target dev='sda' bus='scsi'/><readonly/></disk>";
  return xml
    .replace('<vcpu>1</vcpu>', "<vcpu current='1'>4</vcpu>")
    .replace('</devices>', `${ports}${drive}</devices>`);
}

async function inventoryKnows({ api }: AdministratorSession, id: MachineId): Promise<void> {
  for await (const event of await api.inventory.watch({})) {
    const machines = event.type === 'snapshot' ? event.machines : event.upserted;
    if (machines.some((machine) => machine.id === id)) return;
  }
}

/** What a guest that does not boot is at, which its serial port did not say. */
async function whereItStands(libvirtd: PrivateLibvirtd, name: string): Promise<string> {
  const ask = (command: string): Promise<string> =>
    libvirtd.virsh('qemu-monitor-command', name, '--hmp', command);
  const registers = (await ask('info registers -a'))
    .split('\n')
    .filter((line) => /^(CPU|RIP|CR[0-4])/.test(line));
  return [`${name} does not boot`, await ask('info status'), ...registers].join('\n');
}

/** The agent opens its channel a moment after the guest says that it is ready. */
async function agentAnswers(libvirtd: PrivateLibvirtd, name: string): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const answered = await libvirtd.virsh('qemu-agent-command', name, '{"execute":"guest-ping"}').then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (performance.now() > deadline) throw new Error(`the agent of ${name} does not answer`);
  }
}
