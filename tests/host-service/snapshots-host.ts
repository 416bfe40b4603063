import type { Job, MachineId, Snapshot, SnapshotTree } from '@limen/contract';
import { guestShell } from '../fixtures/guest-shell.ts';
import type { HardwareHost } from './hardware-host.ts';

type Api = HardwareHost['session']['api'];

/** A guest's definition with a screen to take pictures of. */
export function withScreen(xml: string): string {
  const screen =
    "<graphics type='vnc'><listen type='socket'/></graphics><video><model type='vga'/></video></devices>";
  return xml.replace('</devices>', screen);
}

/** Wait for the end of a job; resolves to it, whichever. */
export async function ended(api: Api, { id }: Pick<Job, 'id'>): Promise<Job> {
  for await (const event of await api.jobs.watch({})) {
    const jobs = event.type === 'snapshot' ? event.jobs : event.upserted;
    const job = jobs.find((each) => each.id === id);
    if (job !== undefined && job.finishedAt !== null) return job;
  }
  throw new Error('the stream of jobs ended');
}

/** Snapshots of one machine, with every job waited for. */
export class SnapshotUser {
  readonly #host: HardwareHost;
  readonly #name: string;
  readonly machineId: MachineId;

  constructor(host: HardwareHost, name: string, machineId: MachineId) {
    this.#host = host;
    this.#name = name;
    this.machineId = machineId;
  }

  get #api(): Api {
    return this.#host.session.api;
  }

  tree(): Promise<SnapshotTree> {
    return this.#api.snapshots.list({ machineId: this.machineId });
  }

  async find(name: string): Promise<Snapshot> {
    const found = (await this.tree()).snapshots.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no snapshot ${name}`);
    return found;
  }

  async take(
    name: string,
    options: { memory: boolean; quiesce?: boolean; description?: string },
  ): Promise<Job> {
    const { machineId } = this;
    return this.done(await this.#api.snapshots.create({ machineId, name, ...options }));
  }

  async revert(name: string, options: { presentAs?: string; start?: boolean } = {}): Promise<Job> {
    const { machineId } = this;
    return this.done(await this.#api.snapshots.revert({ machineId, name, ...options }));
  }

  async delete(name: string, children = false): Promise<Job> {
    const { machineId } = this;
    return this.done(await this.#api.snapshots.delete({ machineId, name, children }));
  }

  async done(job: Job): Promise<Job> {
    const last = await ended(this.#api, job);
    if (last.state === 'done') return last;
    const { log } = await this.#api.jobs.get({ jobId: job.id });
    throw new Error(
      `${last.kind} ${last.state}: ${JSON.stringify(last.error)}\n${log.map(({ text }) => text).join('\n')}`,
    );
  }

  shell(command: string): Promise<string> {
    return guestShell(this.#host.libvirtd, this.#name, command);
  }

  /** What libvirt says, for comparison. */
  async virshNames(): Promise<string[]> {
    const out = await this.#host.libvirtd.virsh('snapshot-list', this.#name, '--name');
    return out
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }
}
