import { LimenError, type MachineId } from '@limen/contract';
import {
  Affect,
  DefineFlag,
  type DomainId,
  DomainXml,
  isNoDomain,
  isOperationInvalid,
  LibvirtError,
  type LibvirtClient,
  MetadataType,
  procedures,
  renderXml,
  UndefineFlag,
  XmlFlag,
} from 'node-libvirt';
import type { DiskFile, DiskFormat } from '../ports/disk-tool.ts';
import type { Acceleration } from '../ports/hypervisor.ts';
import type {
  CopyPlan,
  BootNeeds,
  DefinedFiles,
  HostNetwork,
  HypervisorOffers,
  MachineEditor,
  MachinePlan,
  MetadataChange,
} from '../ports/machine-editor.ts';
import { mirrorDisk, type MirrorOptions, stopMirror } from './block-copy.ts';
import { pullDisk, type PullOptions } from './block-pull.ts';
import { copyDomain } from './definition/domain-copy.ts';
import { buildDomain } from './definition/domain-definition.ts';
import {
  bootFrom,
  bootNeeds,
  definedFiles,
  finishInstallation,
  replaceDisk,
} from './definition/domain-edits.ts';
import { toLimenError, translated } from './errors.ts';
import { bareMetadataElement, METADATA_NAMESPACE, writableMetadata } from './machine-metadata.ts';
import { offeredNetworks } from './networks/offered-networks.ts';
import { readOffers } from './offers.ts';
import { saveMachine } from './save-machine.ts';
import { definitionAt } from './snapshots/definition-at.ts';
import { ensurePool, poolFolder } from './storage/pool-folders.ts';

const { domains } = procedures;

/** Defining checks firmware and devices, and may make QEMU tell what it can do first. */
const DEFINE = { timeoutMs: 60_000 };
const START = { timeoutMs: 120_000 };
const REMOVE_ALL =
  UndefineFlag.managedSave |
  UndefineFlag.snapshotsMetadata |
  UndefineFlag.checkpointsMetadata |
  UndefineFlag.nvram;

/** The port `MachineEditor` on a libvirt connection. */
export class LibvirtMachineEditor implements MachineEditor {
  readonly #client: LibvirtClient;
  readonly #acceleration: () => Acceleration;

  constructor(client: LibvirtClient, acceleration: () => Acceleration) {
    this.#client = client;
    this.#acceleration = acceleration;
  }

  define(plan: MachinePlan): Promise<void> {
    return translated(() => this.#defineNew(buildDomain(plan)), plan.machineId);
  }

  defineCopy(plan: CopyPlan): Promise<void> {
    return translated(async () => this.#defineNew(copyDomain(await this.#copied(plan), plan)), plan.sourceId);
  }

  async remove(machineId: MachineId): Promise<void> {
    const domain = { uuid: machineId };
    try {
      await this.#forceOff(domain);
      await this.#undefine(domain);
    } catch (error) {
      if (!isNoDomain(error)) throw toLimenError(error, machineId);
    }
  }

  start(machineId: MachineId): Promise<void> {
    const domain = { uuid: machineId };
    return translated(async () => {
      try {
        await this.#client.call(domains.create, { domain }, START);
      } catch (error) {
        // What runs already needs no start.
        if (!isOperationInvalid(error) || !(await this.#client.call(domains.isActive, { domain })))
          throw error;
      }
    }, machineId);
  }

  forceOff(machineId: MachineId): Promise<void> {
    return translated(() => this.#forceOff({ uuid: machineId }), machineId);
  }

  save(machineId: MachineId, signal: AbortSignal): Promise<void> {
    return translated(() => saveMachine(this.#client, { uuid: machineId }, signal), machineId);
  }

  discardSaved(machineId: MachineId): Promise<void> {
    return translated(
      () => this.#client.call(domains.managedSaveRemove, { domain: { uuid: machineId } }),
      machineId,
    );
  }

  setAutostart(machineId: MachineId, autostart: boolean): Promise<void> {
    return translated(
      () => this.#client.call(domains.setAutostart, { domain: { uuid: machineId }, autostart }),
      machineId,
    );
  }

  rename(machineId: MachineId, name: string): Promise<void> {
    const domain = { uuid: machineId };
    return translated(async () => {
      if ((await this.#definition(machineId)).name === name) return;
      if (await this.#nameIsTaken(name))
        throw new LimenError('CONFLICT', { reason: 'name-taken', names: [name] });
      await this.#client.call(domains.rename, { domain, name });
    }, machineId);
  }

  setDescription(machineId: MachineId, description: string): Promise<void> {
    return translated(
      () => this.#setMetadata(machineId, { type: MetadataType.description, metadata: description || null }),
      machineId,
    );
  }

  setMetadata(machineId: MachineId, change: MetadataChange): Promise<void> {
    return translated(async () => {
      const before = writableMetadata((await this.#definition(machineId)).metadata(METADATA_NAMESPACE));
      const { linkedTo, ...rest } = change;
      const linked =
        linkedTo === undefined ? {} : { linked: linkedTo !== null, ...(linkedTo && { imageId: linkedTo }) };
      const element = bareMetadataElement({ ...before, ...rest, ...linked });
      await this.#setMetadata(machineId, {
        type: MetadataType.element,
        metadata: renderXml(element),
        key: 'limen',
        uri: METADATA_NAMESPACE,
      });
    }, machineId);
  }

  setBootOrder(machineId: MachineId, devices: readonly string[]): Promise<void> {
    return this.#edit(machineId, (domain) => bootFrom(domain, devices));
  }

  finishInstallation(machineId: MachineId): Promise<void> {
    return this.#edit(machineId, finishInstallation);
  }

  setDiskFile(
    machineId: MachineId,
    target: string,
    disk: { readonly path: string; readonly format: DiskFormat },
  ): Promise<void> {
    return this.#edit(machineId, (domain) => replaceDisk(domain, target, disk));
  }

  pullDisk(machineId: MachineId, target: string, options: PullOptions): Promise<void> {
    return translated(() => pullDisk(this.#client, { uuid: machineId }, target, options), machineId);
  }

  mirrorDisk(machineId: MachineId, target: string, to: DiskFile, options: MirrorOptions): Promise<void> {
    const domain = { uuid: machineId };
    return translated(() => mirrorDisk(this.#client, { domain, target, to }, options), machineId);
  }

  stopMirror(machineId: MachineId, target: string): Promise<void> {
    return translated(() => stopMirror(this.#client, { uuid: machineId }, target), machineId);
  }

  files(machineId: MachineId): Promise<DefinedFiles> {
    return translated(async () => {
      const domain = { uuid: machineId };
      const [definition, snapshots] = await Promise.all([
        this.#definition(machineId),
        this.#client.call(procedures.snapshots.list, { domain }),
      ]);
      return { ...definedFiles(definition), hasSnapshots: snapshots.length > 0 };
    }, machineId);
  }

  bootNeeds(machineId: MachineId): Promise<BootNeeds> {
    return translated(async () => bootNeeds(await this.#definition(machineId)), machineId);
  }

  offers(): Promise<HypervisorOffers> {
    return translated(() => readOffers(this.#client, this.#acceleration()));
  }

  networks(): Promise<HostNetwork[]> {
    return translated(() => offeredNetworks(this.#client));
  }

  ensurePool(name: string, directory: string): Promise<void> {
    return translated(() => ensurePool(this.#client, name, directory));
  }

  poolFolder(name: string): Promise<string> {
    return translated(() => poolFolder(this.#client, name));
  }

  async #defineNew(domain: DomainXml): Promise<void> {
    await this.#client.call(
      domains.defineXml,
      { xml: domain.toString(), flags: DefineFlag.validate },
      DEFINE,
    );
  }

  /** The definition for the next start: what a running machine differs in has no place in it. */
  async #definition(machineId: MachineId): Promise<DomainXml> {
    const flags = XmlFlag.inactive | XmlFlag.secure;
    return DomainXml.parse(
      await this.#client.call(domains.getXmlDesc, { domain: { uuid: machineId }, flags }),
    );
  }

  #copied({ sourceId, snapshot }: CopyPlan): Promise<DomainXml> {
    return snapshot === null
      ? this.#definition(sourceId)
      : definitionAt(this.#client, { uuid: sourceId }, snapshot);
  }

  #edit(machineId: MachineId, change: (domain: DomainXml) => void): Promise<void> {
    return translated(async () => {
      const definition = await this.#definition(machineId);
      change(definition);
      // Not validated: what others wrote into it is theirs, and libvirt took it before.
      await this.#client.call(domains.defineXml, { xml: definition.toString(), flags: 0 }, DEFINE);
    }, machineId);
  }

  async #forceOff(domain: DomainId): Promise<void> {
    try {
      await this.#client.call(domains.destroy, { domain }, START);
    } catch (error) {
      if (!isOperationInvalid(error)) throw error;
    }
  }

  /** libvirt before 8.9 does not know the flag; it removes TPM state unasked. */
  async #undefine(domain: DomainId): Promise<void> {
    try {
      await this.#client.call(domains.undefine, { domain, flags: REMOVE_ALL | UndefineFlag.tpm }, DEFINE);
    } catch (error) {
      if (!(error instanceof LibvirtError) || isNoDomain(error) || isOperationInvalid(error)) throw error;
      await this.#client.call(domains.undefine, { domain, flags: REMOVE_ALL }, DEFINE);
    }
  }

  async #nameIsTaken(name: string): Promise<boolean> {
    try {
      await this.#client.call(domains.lookupByName, { name });
      return true;
    } catch (error) {
      if (isNoDomain(error)) return false;
      throw error;
    }
  }

  async #setMetadata(
    machineId: MachineId,
    value: {
      readonly type: number;
      readonly metadata: string | null;
      readonly key?: string;
      readonly uri?: string;
    },
  ): Promise<void> {
    const domain = { uuid: machineId };
    const [active, persistent] = await Promise.all([
      this.#client.call(domains.isActive, { domain }),
      this.#client.call(domains.isPersistent, { domain }),
    ]);
    const flags = (active ? Affect.live : 0) | (persistent ? Affect.config : 0);
    const { type, metadata, key = null, uri = null } = value;
    await this.#client.call(domains.setMetadata, { domain, type, metadata, key, uri, flags });
  }
}
