import { randomUUID } from 'node:crypto';
import {
  type CreationOptions,
  expandNames,
  LimenError,
  machineId,
  type NewMachine,
  type Role,
  type startedCreation,
  type UserId,
} from '@limen/contract';
import type { z } from 'zod';
import type { Accounts } from '../../ports/accounts.ts';
import type { GuestCleaner } from '../../ports/guest-cleaner.ts';
import type { Jobs, NewJob } from '../../ports/jobs.ts';
import type { HypervisorOffers, MachineEditor, MachinePlan } from '../../ports/machine-editor.ts';
import type { MachineStorage } from '../../ports/machine-storage.ts';
import type { Presets } from '../../ports/presets.ts';
import type { Principal } from '../../ports/principal.ts';
import type { Reservations } from '../../ports/reservations.ts';
import type { Sealing } from '../../ports/sealing.ts';
import type { SeedTool } from '../../ports/seed.ts';
import type { ImageHolds } from '../image-holds.ts';
import type { Capacity } from './capacity.ts';
import { seedFiles } from './cloud-init/seed-files.ts';
import { checkUserData } from './cloud-init/user-data.ts';
import { acceleratorOf, machineFile, newMac, planHardware } from './machine-plan.ts';
import type { CreateArgs } from './job-args.ts';
import type { MachineNames } from './machine-names.ts';
import { cleaningOffer, hostOffers, readOsRelease } from './offers.ts';
import type { PlannedSource, SourcePlanner } from './source-planner.ts';

export type StartedCreation = z.infer<typeof startedCreation>;

export interface CreationDependencies {
  readonly accounts: Pick<Accounts, 'find'>;
  readonly capacity: Capacity;
  readonly cleaner: Pick<GuestCleaner, 'isInstalled'>;
  readonly editor: Pick<MachineEditor, 'offers' | 'networks'>;
  readonly holds: ImageHolds;
  readonly jobs: Pick<Jobs, 'wake'>;
  readonly names: MachineNames;
  readonly presets: Presets;
  readonly reservations: Reservations;
  readonly sealing: Pick<Sealing, 'seal'>;
  readonly seeds: SeedTool;
  readonly sources: SourcePlanner;
  readonly storage: MachineStorage;
}

interface Owner {
  readonly id: UserId;
  readonly username: string;
  readonly role: Role;
}

/** What is the same for all machines of one wish. */
interface Shared {
  readonly wish: NewMachine;
  readonly owner: Owner;
  readonly source: PlannedSource;
  readonly hardware: ReturnType<typeof planHardware>;
  readonly osId: string | null;
  readonly accelerator: MachinePlan['accelerator'];
  readonly directIo: boolean;
  readonly passwordHash: string | null;
}

/** Begins to make machines: everything is decided, checked and reserved before the answer; jobs do the rest. */
export class Creation {
  readonly #deps: CreationDependencies;

  constructor(deps: CreationDependencies) {
    this.#deps = deps;
  }

  async options(): Promise<CreationOptions> {
    const { editor, capacity } = this.#deps;
    const [offers, networks, osRelease, overview] = await Promise.all([
      editor.offers(),
      editor.networks(),
      readOsRelease(),
      capacity.overview(),
    ]);
    return {
      offers: {
        ...hostOffers(offers, osRelease),
        generalise: cleaningOffer(await this.#deps.cleaner.isInstalled(), osRelease),
      },
      chipsets: [...offers.chipsets],
      diskBuses: [...offers.diskBuses],
      videoModels: [...offers.videoModels],
      networks: [...networks],
      maximumVcpus: offers.maximumVcpus,
      capacity: overview,
    };
  }

  /**
   * Rejects with `INVALID_INPUT`, `CONFLICT` (`name-taken`, with the names), `QUOTA_EXCEEDED`, `UNSUPPORTED`,
   * `FORBIDDEN` and `NOT_FOUND` before anything is made.
   */
  create(principal: Principal, wish: NewMachine): Promise<StartedCreation[]> {
    const imageId = 'imageId' in wish.source ? wish.source.imageId : null;
    return this.#deps.holds.whileChosen(imageId, () => this.#create(principal, wish));
  }

  async #create(principal: Principal, wish: NewMachine): Promise<StartedCreation[]> {
    const { names, capacity, reservations, jobs } = this.#deps;
    const shared = await this.#plan(principal, wish);
    const wanted = expandNames(wish.name, wish.count, wish.firstNumber);
    names.claim(wanted);
    const args = wanted.map((name) => this.#argsFor(shared, name));
    const jobIds = await reservations.reserve({
      allocations: args.map(({ allocation }) => allocation),
      capacity: await capacity.forReservation(),
      limited: shared.owner.role !== 'administrator',
      jobs: args.map((each) => newJob(principal, each, shared.source)),
    });
    jobs.wake();
    return args.flatMap(({ plan }, index) => {
      const jobId = jobIds[index];
      return jobId === undefined ? [] : { jobId, machineId: plan.machineId, name: plan.name };
    });
  }

  async #plan(principal: Principal, wish: NewMachine): Promise<Shared> {
    const { editor, presets, sources, storage } = this.#deps;
    const preset = presets.get(wish.presetId);
    const cloudInit = 'cloudInit' in wish.source ? wish.source.cloudInit : undefined;
    if (cloudInit?.userData !== undefined) {
      checkUserData(cloudInit.userData, ['source', 'cloudInit', 'userData']);
    }
    checkAlone(wish);
    const [owner, offers, osRelease] = await Promise.all([
      this.#ownerOf(principal, wish.ownerId),
      editor.offers(),
      readOsRelease(),
    ]);
    const source = await sources.plan(principal, wish, preset);
    const wanted = { hardware: { ...source.hardware, ...wish.hardware } };
    const hardware = planHardware(preset, wanted, { machine: offers, offers: hostOffers(offers, osRelease) });
    await this.#checkResources(wish, offers);
    return {
      wish,
      owner,
      source,
      hardware,
      osId: preset.osId,
      accelerator: acceleratorOf(offers),
      directIo: await storage.takesDirectIo(),
      passwordHash: await this.#hashed(cloudInit?.password),
    };
  }

  async #ownerOf(principal: Principal, wanted: UserId | undefined): Promise<Owner> {
    const { userId: id, username, role } = principal;
    if (wanted === undefined || wanted === id) return { id, username, role };
    if (role !== 'administrator') throw new LimenError('FORBIDDEN', { permission: 'administrator' });
    const account = await this.#deps.accounts.find(wanted);
    if (account === null) throw new LimenError('NOT_FOUND', { kind: 'user', id: wanted });
    return account;
  }

  async #checkResources(
    { network, vcpus, startAfterCreation }: NewMachine,
    offers: HypervisorOffers,
  ): Promise<void> {
    if (vcpus > offers.maximumVcpus) throw invalid(['vcpus'], `at most ${offers.maximumVcpus}`);
    if (network.type !== 'network' && network.type !== 'bridge') return;
    const known = await this.#deps.editor.networks();
    const found = known.find(({ type, name }) => type === network.type && name === network.name);
    if (found === undefined) throw invalid(['network', 'name'], 'there is no such network');
    if (!found.active && startAfterCreation) throw invalid(['network', 'name'], 'the network is not active');
  }

  async #hashed(password: string | undefined): Promise<string | null> {
    if (password === undefined) return null;
    if (/[\r\n\0]/.test(password)) {
      throw invalid(['source', 'cloudInit', 'password'], 'must be one line');
    }
    return this.#deps.seeds.hashPassword(password);
  }

  #argsFor(shared: Shared, name: string): CreateArgs {
    const { wish, owner, source, hardware } = shared;
    const { storage, sealing } = this.#deps;
    const id = machineId.parse(randomUUID());
    const { diskBus, ...planned } = hardware;
    const file = (ending: string) => machineFile(storage.directory, name, id, ending);
    const mac = newMac();
    const cloudInit = 'cloudInit' in wish.source ? wish.source.cloudInit : undefined;
    const seed = cloudInit && {
      path: file('.seed.iso'),
      // A host name given for several machines would be the same for all.
      sealed: sealing.seal(
        JSON.stringify(
          seedFiles(wish.count === 1 ? cloudInit : { ...cloudInit, hostname: undefined }, {
            machineId: id,
            name,
            mac,
            passwordHash: shared.passwordHash,
          }),
        ),
      ),
    };
    const disk = source.existing ?? { path: file('.qcow2'), format: 'qcow2' as const };
    const media = seed === undefined ? source.media : [seed.path];
    return {
      plan: {
        ...planned,
        machineId: id,
        name,
        description: wish.description,
        tags: wish.tags,
        presetId: wish.presetId,
        osId: shared.osId,
        owner: { id: owner.id, username: owner.username },
        imageId: source.imageId,
        linked: source.disk.type === 'overlay',
        accelerator: shared.accelerator,
        vcpus: wish.vcpus,
        memoryBytes: wish.memoryBytes,
        nvramPath: file('.nvram.fd'),
        disk: { ...disk, bus: diskBus, directIo: shared.directIo && source.existing === null },
        media: media.length === 0 ? [{ path: null }] : media.map((path) => ({ path })),
        installing: wish.source.type === 'iso',
        network: wish.network,
        mac,
      },
      disk: source.disk,
      seed: seed ?? null,
      // Variables of another firmware would be none, or lock it out.
      variablesFrom: isSameFirmware(hardware, source.hardware) ? source.variablesFrom : null,
      allocation: {
        machineId: id,
        name,
        userId: owner.id,
        vcpus: wish.vcpus,
        memoryBytes: wish.memoryBytes,
        diskBytes: source.virtualBytes,
        newDiskBytes: source.newBytes,
      },
      limited: owner.role !== 'administrator',
      autostart: wish.autostart,
      start: wish.startAfterCreation,
    };
  }
}

function isSameFirmware(
  planned: Pick<MachinePlan, 'firmware' | 'secureBoot'>,
  needed: PlannedSource['hardware'],
): boolean {
  const { firmware, secureBoot } = planned;
  return firmware === 'uefi' && needed.firmware === 'uefi' && needed.secureBoot === secureBoot;
}

/** Several machines cannot have one address, or one disk. */
function checkAlone({ count, source }: NewMachine): void {
  if (count === 1) return;
  if (source.type === 'attach') throw invalid(['count'], 'a disk that is there is for one machine');
  if ('cloudInit' in source && source.cloudInit?.network.type === 'static') {
    throw invalid(['source', 'cloudInit', 'network'], 'several machines cannot have one address');
  }
}

function newJob({ userId, username }: Principal, args: CreateArgs, { imageId }: PlannedSource): NewJob {
  const { machineId: id, name } = args.allocation;
  return {
    kind: 'machine.create',
    args,
    // An image named by an unfinished job is in use, though no machine has it yet.
    subject: { name, machineId: id, ...(imageId !== null && { imageId }) },
    createdBy: { userId, username },
    dedupeKey: `machine ${id}`,
  };
}

export function invalid(path: readonly string[], message: string): LimenError<'INVALID_INPUT'> {
  return new LimenError('INVALID_INPUT', { issues: [{ path: [...path], message }] });
}
