import { normalize } from 'node:path';
import { type HardwareEdit, LimenError } from '@limen/contract';
import type { ChangeOutcome, MachineHardware } from '../../ports/machine-hardware.ts';
import type { MachineEditor } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import { invalid } from '../lifecycle/creation.ts';
import { machineFile } from '../lifecycle/machine-plan.ts';
import { type HostOffers, hostOffers, readOsRelease, refusal } from '../lifecycle/offers.ts';
import { type EditContext, wrongState } from './edit-context.ts';

export interface DeviceEditsDependencies {
  readonly editor: Pick<MachineEditor, 'files' | 'offers'>;
  readonly hardware: Pick<MachineHardware, 'change'>;
  readonly storage: Pick<MachineStorage, 'directory' | 'folder' | 'isOwn' | 'remove'>;
}

type Edit<T extends HardwareEdit['type']> = Extract<HardwareEdit, { readonly type: T }>;

/** Edits of firmware and devices that need something of the host. */
export class DeviceEdits {
  readonly #deps: DeviceEditsDependencies;

  constructor(deps: DeviceEditsDependencies) {
    this.#deps = deps;
  }

  /**
   * Only while the machine is off: the variables of the firmware it had go, as they are none of the other's, and a
   * running one writes them.
   */
  async setFirmware(context: EditContext, edit: Edit<'set-firmware'>): Promise<ChangeOutcome> {
    const { hardware, storage } = this.#deps;
    const { machine, present, live } = context;
    const { firmware, secureBoot } = edit;
    if (machine.state !== 'off') throw wrongState(machine);
    const offers = await this.#offers();
    if (firmware === 'uefi' && !offers.uefi.available) throw refusal('UEFI', offers.uefi.packages);
    if (secureBoot && !offers.secureBoot.available) throw refusal('Secure Boot', offers.secureBoot.packages);
    const before = await this.#variables(context);
    const nvramPath = machineFile(storage.directory, machine.name, machine.id, '.nvram.fd');
    const outcome = await hardware.change(machine.id, { ...edit, nvramPath }, live);
    const old = present.storedSet.firmware;
    const isSame = old.type === firmware && old.secureBoot === secureBoot;
    if (!isSame && before !== null) await storage.remove(before);
    return outcome;
  }

  /** libvirt copies the firmware's own variables again at the next start. */
  async resetNvram(context: EditContext): Promise<ChangeOutcome> {
    const { machine, present } = context;
    if (present.storedSet.firmware.type !== 'uefi') throw invalid(['type'], 'the BIOS keeps no variables');
    if (machine.state !== 'off') throw wrongState(machine);
    const path = await this.#variables(context);
    if (path === null) throw refusal('resetting variables that are not kept by LIMEN', []);
    await this.#deps.storage.remove(path);
    return 'applied';
  }

  async setTpm({ machine, live }: EditContext, edit: Edit<'set-tpm'>): Promise<ChangeOutcome> {
    const { tpm } = await this.#offers();
    if (edit.present && !tpm.available) throw refusal('TPM', tpm.packages);
    return this.#deps.hardware.change(machine.id, edit, live);
  }

  async setVideo({ machine, live }: EditContext, edit: Edit<'set-video'>): Promise<ChangeOutcome> {
    const { videoModels } = await this.#deps.editor.offers();
    if (!videoModels.includes(edit.model)) throw refusal(`video ${edit.model}`, []);
    return this.#deps.hardware.change(machine.id, edit, live);
  }

  /** A path of the host may lead anywhere, so only administrators name one. */
  async addFolder(
    { principal, machine, live }: EditContext,
    edit: Edit<'add-folder'>,
  ): Promise<ChangeOutcome> {
    const { hardware, storage } = this.#deps;
    if (principal.role !== 'administrator')
      throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    const path = normalize(edit.path);
    const access = await storage.folder(path);
    if (access === null) throw new LimenError('NOT_FOUND', { kind: 'folder', id: path });
    // 9p is QEMU itself, whose user owns nothing; virtiofs is served by a process of root's.
    if (edit.driver === '9p' && !access.readable)
      throw invalid(['path'], 'QEMU may not read it: let everybody (chmod o+rx), or use virtiofs');
    if (edit.driver === '9p' && !edit.readonly && !access.writable)
      throw invalid(
        ['path'],
        'QEMU may not write to it: let everybody (chmod o+w), share it read-only, or use virtiofs',
      );
    return hardware.change(machine.id, { ...edit, path }, live);
  }

  /** The file of its UEFI variables, if it is LIMEN's own. */
  async #variables({ machine }: EditContext): Promise<string | null> {
    const { editor, storage } = this.#deps;
    const { nvramPath } = await editor.files(machine.id);
    return nvramPath !== null && (await storage.isOwn(nvramPath)) ? nvramPath : null;
  }

  async #offers(): Promise<HostOffers> {
    const [offers, osRelease] = await Promise.all([this.#deps.editor.offers(), readOsRelease()]);
    return hostOffers(offers, osRelease);
  }
}
