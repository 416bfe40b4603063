import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { type Image, type JobId, type Machine, type NewMachineInput } from '@limen/contract';
import { makeGuestMedia } from '../../fixtures/guest-media.ts';
import { jobEnded } from '../../fixtures/jobs.ts';
import { type AdministratorSession, signIn } from '../../host-service/session.ts';
import type { World } from './test.ts';

const MIB = 2 ** 20;

/** The administrator's own way to the host, beside the desktop: to prepare a test, and to clear up after it. */
export class Backstage implements AsyncDisposable {
  readonly session: AdministratorSession;

  private constructor(session: AdministratorSession) {
    this.session = session;
  }

  static async enter(world: World): Promise<Backstage> {
    return new Backstage(await signIn(world.host));
  }

  /** Make a machine that is off and costs next to nothing; resolves when it is there. */
  async makeMachine(name: string, source: NewMachineInput['source'] = { type: 'empty' }): Promise<void> {
    const started = await this.session.api.machines.create({
      source,
      name,
      presetId: 'linux',
      vcpus: 1,
      memoryBytes: 64 * MIB,
      diskBytes: 64 * MIB,
      network: { type: 'none' },
      hardware: { firmware: 'bios' },
      startAfterCreation: false,
    });
    for (const { jobId } of started) await this.#ended(jobId);
  }

  /** Delete machines for good, those in the trash too. Names nobody has are passed over. */
  async removeMachines(...names: readonly string[]): Promise<void> {
    const { api } = this.session;
    for (const { id, name, trashed } of await this.#machines()) {
      if (!names.includes(trashed?.name ?? name)) continue;
      if (trashed === null) await api.machines.delete({ machineId: id });
      await this.#ended((await api.machines.purge({ machineId: id })).id);
    }
  }

  async image(name: string): Promise<Image | undefined> {
    return (await this.session.api.images.list({})).find((image) => image.name === name);
  }

  async removeImages(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const image = await this.image(name);
      if (image) await this.session.api.images.delete({ imageId: image.id });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.close();
  }

  /** Unlike the list of machines, with what is in the trash. */
  async #machines(): Promise<readonly Machine[]> {
    for await (const event of await this.session.api.inventory.watch({})) {
      if (event.type === 'snapshot') return event.machines;
    }
    throw new Error('the inventory ended before it began');
  }

  async #ended(jobId: JobId): Promise<void> {
    const { kind, state, error } = await jobEnded(this.session.api, jobId);
    if (state !== 'done') throw new Error(`${kind} ended as ${state}: ${JSON.stringify(error)}`);
  }
}

/** Names of the images in a {@link stockedLibrary}. */
export const SMALL_SYSTEM = 'small-system';
export const SMALL_INSTALLER = 'small-installer';

/** A library with a disk and an ISO that boot, both by BIOS; empty again when it is disposed. */
export async function stockedLibrary({ scanned }: World, backstage: Backstage): Promise<AsyncDisposable> {
  await makeGuestMedia(scanned);
  await backstage.session.api.images.scan({});
  return {
    async [Symbol.asyncDispose]() {
      await backstage.removeImages(SMALL_SYSTEM, SMALL_INSTALLER);
      await rm(join(scanned, `${SMALL_SYSTEM}.raw`));
      await rm(join(scanned, `${SMALL_INSTALLER}.iso`));
    },
  };
}
