import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrivateLibvirtd } from '../../fixtures/libvirtd.ts';

/** How a tool ends (see `dying-tool.sh`); `live` lets one call pass. */
export type Fate = 'live' | 'before' | 'half' | 'after';

export const deadlyFates = ['before', 'half', 'after'] as const satisfies readonly Fate[];

const tools = ['qemu-img', 'xorriso', 'virt-sysprep', 'virt-sparsify'];

/** Real ones take half a minute each. */
const standIns = ['virt-sysprep', 'virt-sparsify'];

/** Kills the tools with which machines are made, where a plan says so. */
export class ToolDeaths {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async prepare({ guestDir }: PrivateLibvirtd): Promise<ToolDeaths> {
    const deaths = new ToolDeaths(join(guestDir, 'tools'));
    await mkdir(join(deaths.#folder, 'plans'), { recursive: true });
    await mkdir(join(deaths.#folder, 'stand-ins'));
    for (const tool of tools) await symlink(fixture('dying-tool.sh'), join(deaths.#folder, tool));
    for (const tool of standIns) {
      await symlink(fixture('quick-cleaning.sh'), join(deaths.#folder, 'stand-ins', tool));
    }
    return deaths;
  }

  /** For the host service. */
  get environment(): Readonly<Record<string, string>> {
    return {
      // A dying tool looks for the one it stands for in what comes after its own folder.
      PATH: `${this.#folder}:${join(this.#folder, 'stand-ins')}:${process.env['PATH'] ?? ''}`,
      LIMEN_TEST_DEATHS: join(this.#folder, 'plans'),
    };
  }

  /** What becomes of the calls with this in their arguments, in their order. */
  async plan(subject: string, fates: readonly Fate[]): Promise<void> {
    await writeFile(join(this.#folder, 'plans', subject), `${fates.join('\n')}\n`);
  }

  /** Plans whose calls never came. */
  async left(): Promise<string[]> {
    const plans = join(this.#folder, 'plans');
    const left: string[] = [];
    for (const name of await readdir(plans)) if ((await stat(join(plans, name))).size > 0) left.push(name);
    return left;
  }
}

function fixture(name: string): string {
  return join(import.meta.dirname, '../../fixtures', name);
}
