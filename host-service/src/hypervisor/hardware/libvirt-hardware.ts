import { type HardwareSet, LimenError, type MachineId, machineId } from '@limen/contract';
import {
  BlockResizeFlag,
  DefineFlag,
  type DomainEventName,
  DomainXml,
  ErrorCode,
  hasCode,
  type LibvirtClient,
  procedures,
  XmlFlag,
  XmlSyntaxError,
} from 'node-libvirt';
import type { Unsubscribe } from '../../ports/hypervisor.ts';
import type {
  ChangeOutcome,
  HardwareChange,
  HardwareReading,
  MachineHardware,
} from '../../ports/machine-hardware.ts';
import { translated } from '../errors.ts';
import { describeHardware } from './describe-hardware.ts';
import { changeMedium } from './edits/disks.ts';
import { invalid } from './edits/refusals.ts';
import { readHardware } from './hardware-reader.ts';
import { planChange } from './plan-change.ts';
import { requireGrowable } from './plan-disks.ts';
import type { PlannedChange, Present } from './planned-change.ts';
import { requireOfferedCpu } from './processor-offers.ts';
import { keepSecrets } from './secrets.ts';

const { domains } = procedures;

/** Defining checks firmware and devices, and may make QEMU tell what it can do first. */
const DEFINE = { timeoutMs: 60_000 };

/** Events after which a machine's hardware may read differently. */
const hardwareEvents = [
  'lifecycle',
  'balloon',
  'tunable',
  'metadataChange',
  'deviceAdded',
  'deviceRemoved',
  'deviceRemovalFailed',
  'diskChange',
  'trayChange',
  'blockJob',
  'memoryDeviceSizeChange',
  'nicMacChange',
] as const satisfies readonly DomainEventName[];

/** Definitions with their secrets: what is written again must not lose them. */
interface Definitions extends Present {
  readonly storedText: string;
}

/** The port `MachineHardware` on a libvirt connection. */
export class LibvirtMachineHardware implements MachineHardware {
  readonly #client: LibvirtClient;
  readonly #listeners = new Set<(machineId: MachineId) => void>();

  constructor(client: LibvirtClient) {
    this.#client = client;
    for (const name of hardwareEvents) {
      client.onDomainEvent(name, ({ domain }) => this.#announce(domain.uuid));
    }
  }

  read(id: MachineId): Promise<HardwareReading> {
    return translated(() => readHardware(this.#client, id), id);
  }

  stored(id: MachineId): Promise<HardwareSet> {
    return translated(
      async () => describeHardware(DomainXml.parse(await this.#storedText(id)), new Map()),
      id,
    );
  }

  onChanged(listener: (machineId: MachineId) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(id: MachineId, change: HardwareChange, live: boolean): Promise<ChangeOutcome> {
    return translated(async () => {
      const present = await this.#definitions(id);
      if (change.type === 'set-cpu') await requireOfferedCpu(this.#client, present.stored, change);
      const plan = planChange(change, present);
      if (present.live === null) {
        await this.#store(id, present, plan);
        return 'applied';
      }
      const running = { client: this.#client, domain: { uuid: id }, live: present.live };
      if (!live || plan.live === null) {
        await this.#store(id, present, plan);
        return 'at-next-start';
      }
      if (plan.liveFirst === true) {
        const outcome = await plan.live(running);
        await this.#store(id, present, plan);
        return outcome;
      }
      const defined = await this.#store(id, present, plan);
      try {
        return await plan.live(running);
      } catch (error) {
        await this.#takeBack(id, { before: present.storedText, defined });
        throw error;
      }
    }, id);
  }

  growLiveDisk(id: MachineId, target: string, bytes: number): Promise<void> {
    const domain = { uuid: id };
    return translated(async () => {
      requireGrowable(DomainXml.parse(await this.#client.call(domains.getXmlDesc, { domain })), target);
      const { capacity } = await this.#client.call(domains.getBlockInfo, { domain, disk: target });
      if (bytes < capacity) throw invalid('sizeBytes', `the disk has ${capacity} bytes already`);
      const flags = BlockResizeFlag.bytes;
      await this.#client.call(domains.blockResize, { domain, disk: target, size: bytes, flags });
    }, id);
  }

  define(id: MachineId, xml: string): Promise<void> {
    return translated(async () => {
      const edited = parseEdited(xml);
      const { stored } = await this.#definitions(id);
      if (edited.name !== stored.name) throw invalid('xml', `the name must stay ${stored.name}`);
      if (edited.uuid?.toLowerCase() !== id) throw invalid('xml', `the UUID must stay ${id}`);
      keepSecrets(edited, stored);
      await this.#client.call(
        domains.defineXml,
        { xml: edited.toString(), flags: DefineFlag.validate },
        DEFINE,
      );
    }, id);
  }

  describe(xml: string): HardwareSet {
    return describeHardware(parseEdited(xml), new Map());
  }

  withoutDisks(xml: string, targets: readonly string[]): string {
    const domain = parseEdited(xml);
    for (const disk of domain.devices.disks) {
      if (!targets.includes(disk.target ?? '')) continue;
      if (disk.device === 'cdrom' || disk.device === 'floppy') changeMedium(disk, null);
      else disk.remove();
    }
    return domain.toString();
  }

  async #definitions(id: MachineId): Promise<Definitions> {
    const domain = { uuid: id };
    const [storedText, running, active, persistent] = await Promise.all([
      this.#storedText(id),
      this.#client.call(domains.getXmlDesc, { domain }),
      this.#client.call(domains.isActive, { domain }),
      this.#client.call(domains.isPersistent, { domain }),
    ]);
    if (!persistent) throw new LimenError('CONFLICT', { reason: 'wrong-state', state: 'transient' });
    return {
      storedText,
      stored: DomainXml.parse(storedText),
      live: active ? DomainXml.parse(running) : null,
    };
  }

  #storedText(id: MachineId): Promise<string> {
    const flags = XmlFlag.inactive | XmlFlag.secure;
    return this.#client.call(domains.getXmlDesc, { domain: { uuid: id }, flags });
  }

  /** Resolves to the definition as libvirt has it then. */
  async #store(id: MachineId, { storedText, stored }: Definitions, plan: PlannedChange): Promise<string> {
    plan.store(stored);
    const xml = stored.toString();
    const define = (text: string, flags: number): Promise<unknown> =>
      this.#client.call(domains.defineXml, { xml: text, flags }, DEFINE);
    try {
      await define(xml, DefineFlag.validate);
    } catch (error) {
      if (!hasCode(error, ErrorCode.xmlInvalidSchema)) throw error;
      // Other tools may have written, without validation, what the schema does not know: then it is theirs to keep.
      const wasValid = await define(storedText, DefineFlag.validate).then(
        () => true,
        (reason: unknown) => !hasCode(reason, ErrorCode.xmlInvalidSchema),
      );
      if (wasValid) throw error;
      await define(xml, 0);
    }
    return this.#storedText(id);
  }

  /** Unless somebody else has changed it meanwhile. */
  async #takeBack(
    id: MachineId,
    { before, defined }: { readonly before: string; readonly defined: string },
  ): Promise<void> {
    if ((await this.#storedText(id)) !== defined) return;
    await this.#client.call(domains.defineXml, { xml: before, flags: 0 }, DEFINE);
  }

  #announce(uuid: string): void {
    const id = machineId.parse(uuid);
    for (const listener of this.#listeners) listener(id);
  }
}

/** Throws `INVALID_INPUT` with the line. */
function parseEdited(xml: string): DomainXml {
  try {
    return DomainXml.parse(xml);
  } catch (error) {
    if (error instanceof XmlSyntaxError) throw invalid('xml', error.message);
    throw error;
  }
}
