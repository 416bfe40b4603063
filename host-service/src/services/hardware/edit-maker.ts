import type { HardwareEdit, MachineNetwork } from '@limen/contract';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { ChangeOutcome, MachineHardware } from '../../ports/machine-hardware.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { invalid } from '../lifecycle/creation.ts';
import { newMac } from '../lifecycle/machine-plan.ts';
import type { DeviceEdits } from './device-edits.ts';
import type { DiskEdits } from './disk-edits.ts';
import type { EditContext } from './edit-context.ts';
import type { Growth } from './growth.ts';

export interface EditMakerDependencies {
  readonly devices: DeviceEdits;
  readonly disks: DiskEdits;
  readonly editor: Pick<MachineEditor, 'networks' | 'offers'>;
  readonly growth: Growth;
  readonly hardware: Pick<MachineHardware, 'change'>;
  readonly inventory: Pick<Inventory, 'machines'>;
}

type Edit<T extends HardwareEdit['type']> = Extract<HardwareEdit, { readonly type: T }>;

/** Makes one edit: looks up what it names, reserves what it takes, changes the machine. */
export class EditMaker {
  readonly #deps: EditMakerDependencies;

  constructor(deps: EditMakerDependencies) {
    this.#deps = deps;
  }

  /** Rejects with the reason when it is refused; then nothing was changed. */
  async make(context: EditContext, edit: HardwareEdit): Promise<ChangeOutcome> {
    const outcome = await this.#make(context, edit);
    // Saved memory comes back with the hardware it was saved with.
    return context.machine.state === 'saved' && outcome === 'applied' ? 'at-next-start' : outcome;
  }

  #make(context: EditContext, edit: HardwareEdit): Promise<ChangeOutcome> {
    const { devices, disks, hardware } = this.#deps;
    switch (edit.type) {
      case 'set-vcpus':
        return this.#setVcpus(context, edit);
      case 'set-memory':
        return this.#setMemory(context, edit);
      case 'add-disk':
        return disks.add(context, edit);
      case 'add-drive':
        return disks.addDrive(context, edit);
      case 'update-disk':
        return disks.update(context, edit);
      case 'grow-disk':
        return disks.grow(context, edit);
      case 'remove-disk':
        return disks.remove(context, edit);
      case 'change-media':
        return disks.changeMedia(context, edit);
      case 'add-interface':
        return this.#addInterface(context, edit);
      case 'update-interface':
        return this.#updateInterface(context, edit);
      case 'set-firmware':
        return devices.setFirmware(context, edit);
      case 'reset-nvram':
        return devices.resetNvram(context);
      case 'set-tpm':
        return devices.setTpm(context, edit);
      case 'set-video':
        return devices.setVideo(context, edit);
      case 'add-folder':
        return devices.addFolder(context, edit);
      case 'set-sound':
      case 'set-rng':
      case 'set-watchdog':
      case 'add-serial':
      case 'remove-serial':
      case 'remove-folder':
      case 'set-cpu':
      case 'remove-interface':
      case 'set-boot-order':
        return hardware.change(context.machine.id, edit, context.live);
    }
  }

  async #setVcpus({ machine, present, live }: EditContext, edit: Edit<'set-vcpus'>): Promise<ChangeOutcome> {
    const { editor, growth, hardware } = this.#deps;
    const { maximumVcpus } = await editor.offers();
    if (edit.maximum > maximumVcpus) throw invalid(['maximum'], `at most ${maximumVcpus}`);
    const increase = { vcpus: edit.maximum - present.storedSet.vcpus.maximum };
    return growth.during(machine, increase, () => hardware.change(machine.id, edit, live));
  }

  #setMemory({ machine, present, live }: EditContext, edit: Edit<'set-memory'>): Promise<ChangeOutcome> {
    const { growth, hardware } = this.#deps;
    const memory = { from: present.storedSet.memory.maximumBytes, to: edit.maximumBytes };
    return growth.during(machine, { memory }, () => hardware.change(machine.id, edit, live));
  }

  async #addInterface(context: EditContext, edit: Edit<'add-interface'>): Promise<ChangeOutcome> {
    const { machine, live } = context;
    const { model, mac = newMac() } = edit;
    const network = await this.#network(context, edit.network);
    this.#checkMac(context, mac);
    return this.#deps.hardware.change(machine.id, { type: 'add-interface', network, model, mac }, live);
  }

  async #updateInterface(context: EditContext, edit: Edit<'update-interface'>): Promise<ChangeOutcome> {
    const { machine, live } = context;
    const network = edit.network && (await this.#network(context, edit.network));
    if (edit.newMac !== undefined) this.#checkMac(context, edit.newMac);
    return this.#deps.hardware.change(machine.id, { ...edit, network }, live);
  }

  /** libvirt looks for a network only when the machine starts, which then fails. */
  async #network(
    { present, live }: EditContext,
    network: MachineNetwork,
  ): Promise<Exclude<MachineNetwork, { type: 'none' }>> {
    if (network.type === 'none') throw invalid(['network'], 'an interface needs a network');
    if (network.type === 'user') return network;
    const known = await this.#deps.editor.networks();
    const found = known.find(({ type, name }) => type === network.type && name === network.name);
    if (found === undefined) throw invalid(['network', 'name'], 'there is no such network');
    if (!found.active && live && present.liveSet !== null) {
      throw invalid(['network', 'name'], 'the network is not active');
    }
    return network;
  }

  /** Two machines of one address on a switch take each other's traffic. */
  #checkMac({ machine }: EditContext, mac: string): void {
    const others = this.#deps.inventory.machines().filter(({ id }) => id !== machine.id);
    const taken = others.some(({ interfaces }) =>
      interfaces.some((nic) => nic.mac.toLowerCase() === mac.toLowerCase()),
    );
    if (taken) throw invalid(['mac'], 'another machine has it');
  }
}
