import { writeFile } from 'node:fs/promises';
import type { JobId, MachineId, NewMachineInput } from '@limen/contract';
import { DomainXml } from 'node-libvirt';
import { definedFiles } from '../../../host-service/src/hypervisor/definition/domain-edits.ts';
import { run } from '../../fixtures/run.ts';
import type { FaultStage } from './stage.ts';

const MIB = 2 ** 20;

/** One way in which machines are made, copied or deleted. */
export interface Work {
  readonly label: string;
  readonly steps: readonly string[];
  /** How many of it the host does at once. */
  readonly atOnce: number;
  /** How often it calls a tool once it has begun. */
  readonly toolCalls: number;
  /** Make what it needs. Resolves to what begins it. */
  prepare(stage: FaultStage, name: string): Promise<() => Promise<JobId>>;
}

const createSteps = ['reserve', 'disk', 'seed', 'owner', 'define', 'autostart', 'start', 'settle'];
const cloneSteps = ['reserve', 'base', 'disk', 'nvram', 'owner', 'define', 'start', 'settle'];

type Wish = Pick<NewMachineInput, 'source'> & Partial<NewMachineInput>;

export function newMachine(name: string, wish: Wish): NewMachineInput {
  return {
    name,
    presetId: 'linux',
    vcpus: 1,
    memoryBytes: 16 * MIB,
    diskBytes: 4 * MIB,
    network: { type: 'none' },
    hardware: { firmware: 'bios' },
    startAfterCreation: false,
    ...wish,
  };
}

function creation(
  label: string,
  toolCalls: number,
  wish: (stage: FaultStage, name: string) => Wish | Promise<Wish>,
): Work {
  return {
    label,
    steps: createSteps,
    atOnce: 8,
    toolCalls,
    async prepare(stage, name) {
      const input = newMachine(name, await wish(stage, name));
      return async () => (await create(stage, input)).jobId;
    },
  };
}

async function create(
  stage: FaultStage,
  input: NewMachineInput,
): Promise<{ jobId: JobId; machineId: MachineId }> {
  const [started] = await stage.api.machines.create(input);
  if (started === undefined) throw new Error('nothing was started');
  return started;
}

async function made(stage: FaultStage, input: NewMachineInput): Promise<MachineId> {
  const { jobId, machineId } = await create(stage, input);
  await stage.ended([jobId]);
  return machineId;
}

function cloning(mode: 'full' | 'linked'): Work {
  return {
    label: `clone-${mode}`,
    steps: cloneSteps,
    atOnce: 2,
    // A linked clone makes two overlays.
    toolCalls: mode === 'full' ? 1 : 2,
    async prepare(stage, name) {
      const source = newMachine(`of-${name}`, {
        source: { type: 'template', imageId: stage.imageId('disk'), mode },
      });
      const machineId = await made(stage, source);
      return async () => (await stage.api.machines.clone({ machineId, name, mode })).jobId;
    },
  };
}

/** As libvirt makes it at a first start, which would take longer. */
async function makeVariables({ libvirtd }: FaultStage, machineId: MachineId): Promise<void> {
  const domain = DomainXml.parse(await libvirtd.virsh('dumpxml', '--inactive', machineId));
  const { nvramPath } = definedFiles(domain);
  if (nvramPath === null) throw new Error('the machine has no variables');
  await writeFile(nvramPath, 'what it boots from');
}

const cloudInit = { hostname: 'cloud', sshKeys: [], packages: [], runCommands: [] };

export const works: readonly Work[] = [
  // With all that can be beside a machine: variables of its firmware, a TPM's state, and the machine itself, running.
  creation('iso', 1, (stage) => ({
    source: { type: 'iso', imageId: stage.imageId('iso') },
    hardware: { firmware: 'uefi', tpm: true },
    memoryBytes: 64 * MIB,
    startAfterCreation: true,
  })),
  creation('cloud', 2, (stage) => ({
    source: { type: 'cloud', imageId: stage.imageId('disk'), cloudInit },
    autostart: true,
  })),
  creation('linked', 1, (stage) => ({
    source: { type: 'template', imageId: stage.imageId('disk'), mode: 'linked' },
  })),
  creation('full', 2, (stage) => ({
    source: { type: 'template', imageId: stage.imageId('disk'), mode: 'full' },
  })),
  creation('copy', 2, (stage) => ({ source: { type: 'copy', imageId: stage.imageId('disk') } })),
  creation('attach', 0, async (stage, name) => {
    const path = `${stage.libvirtd.imagesDir}/${name}.raw-disk.qcow2`;
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', path, '1M']);
    return { source: { type: 'attach', path } };
  }),
  creation('empty', 1, () => ({ source: { type: 'empty' } })),
  cloning('full'),
  cloning('linked'),
  {
    label: 'flatten',
    steps: ['copy', 'unlink'],
    atOnce: 1,
    toolCalls: 1,
    async prepare(stage, name) {
      const source = { type: 'template', imageId: stage.imageId('disk'), mode: 'linked' } as const;
      const machineId = await made(stage, newMachine(name, { source }));
      return async () => (await stage.api.machines.flatten({ machineId })).id;
    },
  },
  {
    label: 'template',
    steps: ['copy', 'generalise', 'inspect', 'place', 'nvram', 'enter'],
    atOnce: 1,
    // Those that name the machine's disk; the others work on files that are named by ids.
    toolCalls: 2,
    async prepare(stage, name) {
      const source = { type: 'template', imageId: stage.imageId('disk'), mode: 'linked' } as const;
      const wish = newMachine(`of-${name}`, { source, hardware: { firmware: 'uefi' } });
      const machineId = await made(stage, wish);
      await makeVariables(stage, machineId);
      return async () => (await stage.api.images.createTemplate({ machineId, name })).id;
    },
  },
  {
    label: 'purge',
    steps: ['delete'],
    atOnce: 2,
    toolCalls: 0,
    async prepare(stage, name) {
      const source = { type: 'cloud', imageId: stage.imageId('disk'), cloudInit } as const;
      const machineId = await made(stage, newMachine(name, { source }));
      await stage.api.machines.delete({ machineId });
      return async () => (await stage.api.machines.purge({ machineId })).id;
    },
  },
];
