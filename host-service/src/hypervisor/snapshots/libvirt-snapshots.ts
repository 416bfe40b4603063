import { buffer } from 'node:stream/consumers';
import { type MachineId, machineId, type SnapshotKind } from '@limen/contract';
import {
  type DomainEventName,
  DomainState,
  DomainXml,
  type LibvirtClient,
  LibvirtError,
  procedures,
  SaveFlag,
  SnapshotDeleteFlag,
  SnapshotFlag,
  type SnapshotRef,
  SnapshotRevertFlag,
  SnapshotXml,
  XmlFlag,
} from 'node-libvirt';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type {
  MachineSnapshots,
  Overlays,
  SnapshotPlan,
  SnapshotsReading,
} from '../../ports/machine-snapshots.ts';
import { replaceDisk } from '../definition/domain-edits.ts';
import { translated } from '../errors.ts';
import { noSnapshot } from './definition-at.ts';
import { setGuestTime } from './guest-time.ts';
import { MOVES_DATA, redefine, removeSnapshot } from './remove-snapshot.ts';
import { findSnapshot, readSnapshots } from './snapshot-reader.ts';

const { domains, snapshots } = procedures;

const DEFINE = { timeoutMs: 60_000 };
const SCREENSHOT = { timeoutMs: 5_000 };
/** `virDomainSaveImageXMLFlags`: with passwords. */
const SAVE_IMAGE_SECURE = 1;

/** Events that come with changes to snapshots. */
const snapshotEvents = [
  'lifecycle',
  'blockJob',
  'agentLifecycle',
] as const satisfies readonly DomainEventName[];

/** The port `MachineSnapshots` on a libvirt connection. */
export class LibvirtMachineSnapshots implements MachineSnapshots {
  readonly #client: LibvirtClient;
  readonly #listeners = new Set<(machineId: MachineId) => void>();

  constructor(client: LibvirtClient) {
    this.#client = client;
    for (const name of snapshotEvents) {
      client.onDomainEvent(name, ({ domain }) => {
        const id = machineId.parse(domain.uuid);
        for (const listener of this.#listeners) listener(id);
      });
    }
  }

  read(id: MachineId): Promise<SnapshotsReading> {
    return translated(() => readSnapshots(this.#client, id), id);
  }

  onChanged(listener: (machineId: MachineId) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  create(id: MachineId, plan: SnapshotPlan): Promise<void> {
    return translated(async () => {
      const xml = snapshotXml(plan).toString();
      await this.#client.call(
        snapshots.create,
        { domain: { uuid: id }, xml, flags: createFlags(plan) },
        MOVES_DATA,
      );
    }, id);
  }

  clearInterrupted(
    id: MachineId,
    name: string,
    was: { kind: SnapshotKind; running: boolean },
  ): Promise<void> {
    return translated(async () => {
      const domain = { uuid: id };
      if (was.kind === 'internal' && (await findSnapshot(this.#client, id, name)) === null) {
        await this.#describeUndescribed(id, name);
        await removeSnapshot(this.#client, id, name, () => {});
      }
      const { state } = await this.#client.call(domains.getState, { domain });
      if (was.running && state === DomainState.paused) await this.#client.call(domains.resume, { domain });
    }, id);
  }

  revert(id: MachineId, name: string, start: boolean): Promise<void> {
    return translated(async () => {
      const snapshot = await this.#require(id, name);
      const flags = SnapshotRevertFlag.force | (start ? SnapshotRevertFlag.running : 0);
      await this.#client.call(snapshots.revert, { snapshot, flags }, MOVES_DATA);
    }, id);
  }

  continueFrom(id: MachineId, name: string, overlays: Overlays): Promise<void> {
    return translated(async () => {
      const snapshot = await this.#require(id, name);
      const flags = XmlFlag.secure;
      const xml = SnapshotXml.parse(await this.#client.call(snapshots.getXmlDesc, { snapshot, flags }));
      const definition = xml.storedDomain;
      if (definition === null) throw noSnapshot(name);
      for (const { target, path } of overlays) replaceDisk(definition, target, { path, format: 'qcow2' });
      await this.#client.call(domains.defineXml, { xml: definition.toString(), flags: 0 }, DEFINE);
      setOverlays(xml, overlays);
      const current = SnapshotFlag.redefine | SnapshotFlag.current;
      const described = { domain: { uuid: id }, xml: xml.toString(), flags: current };
      await this.#client.call(snapshots.create, described);
    }, id);
  }

  setOverlays(id: MachineId, name: string, overlays: Overlays): Promise<void> {
    return translated(() => this.#redescribe(id, name, (xml) => setOverlays(xml, overlays)), id);
  }

  restoreMemory(id: MachineId, memoryFile: string, paused: boolean): Promise<void> {
    return translated(async () => {
      const domain = { uuid: id };
      if (await this.#client.call(domains.isActive, { domain })) return;
      const { devices } = await this.#definition(id);
      const saved = await this.#client.call(domains.saveImageGetXmlDesc, {
        file: memoryFile,
        flags: SAVE_IMAGE_SECURE,
      });
      const xml = DomainXml.parse(saved);
      for (const disk of devices.disks) {
        if (disk.source?.type !== 'file' || disk.format === null) continue;
        const then = xml.devices.disks.find(({ target }) => target === disk.target);
        if (then === undefined) continue;
        then.source = { type: 'file', file: disk.source.file };
        then.format = disk.format;
        then.backingChain = null;
      }
      const flags = paused ? SaveFlag.paused : SaveFlag.running;
      await this.#client.call(domains.restore, { from: memoryFile, xml: xml.toString(), flags }, MOVES_DATA);
    }, id);
  }

  remove(
    id: MachineId,
    name: string,
    { onProgress }: { readonly onProgress: (done: number, total: number) => void },
  ): Promise<void> {
    return translated(() => removeSnapshot(this.#client, id, name, onProgress), id);
  }

  forget(id: MachineId, name: string): Promise<void> {
    return translated(async () => {
      const snapshot = await findSnapshot(this.#client, id, name);
      if (snapshot === null) return;
      await this.#client.call(snapshots.delete, { snapshot, flags: SnapshotDeleteFlag.metadataOnly });
    }, id);
  }

  describe(id: MachineId, name: string, description: string): Promise<void> {
    return translated(
      () =>
        this.#redescribe(id, name, (xml) => {
          xml.description = description || null;
        }),
      id,
    );
  }

  async screenshot(id: MachineId): Promise<Buffer | null> {
    try {
      const args = { domain: { uuid: id }, screen: 0 };
      const { reply, stream } = await this.#client.openStream(domains.screenshot, args, SCREENSHOT);
      const picture = await buffer(stream);
      return reply === 'image/png' ? picture : null;
    } catch (error) {
      // It is off, or has no screen.
      if (error instanceof LibvirtError) return null;
      return translated(() => Promise.reject(error), id);
    }
  }

  setGuestTime(id: MachineId): Promise<boolean> {
    return translated(() => setGuestTime(this.#client, { uuid: id }), id);
  }

  async #require(id: MachineId, name: string): Promise<SnapshotRef> {
    const snapshot = await findSnapshot(this.#client, id, name);
    if (snapshot === null) throw noSnapshot(name);
    return snapshot;
  }

  async #redescribe(id: MachineId, name: string, change: (xml: SnapshotXml) => void): Promise<void> {
    const snapshot = await this.#require(id, name);
    const flags = XmlFlag.secure;
    const xml = SnapshotXml.parse(await this.#client.call(snapshots.getXmlDesc, { snapshot, flags }));
    change(xml);
    await redefine(this.#client, { uuid: id }, xml);
  }

  async #definition(id: MachineId): Promise<DomainXml> {
    const flags = XmlFlag.inactive | XmlFlag.secure;
    return DomainXml.parse(await this.#client.call(domains.getXmlDesc, { domain: { uuid: id }, flags }));
  }

  /** libvirt only deletes what it has a description of. */
  async #describeUndescribed(id: MachineId, name: string): Promise<void> {
    const domain = { uuid: id };
    const [text, active] = await Promise.all([
      this.#client.call(domains.getXmlDesc, { domain, flags: XmlFlag.secure }),
      this.#client.call(domains.isActive, { domain }),
    ]);
    const xml = SnapshotXml.create({ name, memory: active ? 'internal' : 'no' });
    xml.root.set('state', active ? 'running' : 'shutoff');
    xml.root.set('creationTime', Math.floor(Date.now() / 1000));
    xml.root.addCopy(DomainXml.parse(text).root);
    const flags = SnapshotFlag.redefine;
    await this.#client.call(snapshots.create, { domain, xml: xml.toString(), flags });
  }
}

function snapshotXml({ name, description, kind, memoryFile, overlays }: SnapshotPlan): SnapshotXml {
  const common = { name, description: description || null };
  if (kind === 'internal') return SnapshotXml.create(common);
  return SnapshotXml.create({
    ...common,
    memory: memoryFile === null ? 'no' : 'external',
    memoryFile,
    disks: overlays.map(({ target, path }) => ({
      name: target,
      snapshot: 'external',
      format: 'qcow2',
      source: { type: 'file', file: path },
    })),
  });
}

function setOverlays(xml: SnapshotXml, overlays: Overlays): void {
  xml.disks = xml.disks.map((disk) => {
    const overlay = overlays.find(({ target }) => target === disk.name);
    return overlay === undefined ? disk : { ...disk, source: { type: 'file', file: overlay.path } };
  });
}

function createFlags({ kind, memoryFile, quiesce }: SnapshotPlan): number {
  if (kind === 'internal') return 0;
  const memory = memoryFile === null ? SnapshotFlag.diskOnly : SnapshotFlag.live;
  return SnapshotFlag.atomic | memory | (quiesce ? SnapshotFlag.quiesce : 0);
}
