import { rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LimenError } from '@limen/contract';
import { z } from 'zod';
import type {
  DiskFile,
  DiskInfo,
  DiskSource,
  DiskTool,
  DiskWork,
  FilePart,
  InternalSnapshot,
} from '../ports/disk-tool.ts';
import { ProgramFailure, type ProgramOptions, runProgram } from './child-process.ts';
import { discard, fromFileError, partialPath, settle, sync } from './files.ts';
import { RECOGNISED_HEAD_BYTES, recogniseFormat } from './formats.ts';
import { readHead } from './head.ts';
import { readQcow2Header } from './qcow2-header.ts';
import { isSelfContainedVmdk } from './vmdk-header.ts';

const QEMU_IMG = { name: 'qemu-img', package: 'qemu-utils' };
const PROGRESS = /^\s*\((\d+(?:\.\d+)?)\/100%\)/;
const BLOCK = 512;
/** Exit status of `check`: blocks are taken that nothing refers to, as after a power cut. All data is right. */
const ONLY_LEAKS = 3;

const MEMORY = 4 * 2 ** 30;
const INSPECTION = { memoryBytes: MEMORY, cpuSeconds: 30 };
const CHECK = { memoryBytes: MEMORY, cpuSeconds: 600 };
const CONVERSION = { memoryBytes: MEMORY };

/** More than any sane chain; a longer one goes round in circles. */
const LONGEST_CHAIN = 64;

const infoOutput = z.object({
  'virtual-size': z.number(),
  'actual-size': z.number(),
  'backing-filename': z.string().optional(),
  encrypted: z.boolean().optional(),
});

const snapshotsOutput = z.object({
  snapshots: z.array(z.object({ name: z.string(), 'vm-state-size': z.number() })).default([]),
});

const measureOutput = z.object({ required: z.number() });

/** The port `DiskTool` on `qemu-img` (QEMU 6.1 or newer). */
export class QemuImg implements DiskTool {
  async create(disk: DiskFile, virtualBytes: number, work: DiskWork = {}): Promise<void> {
    await make(disk.path, (partial) => {
      const args = ['create', '-q', '-f', disk.format, partial, String(virtualBytes)];
      return run(disk.path, args, work);
    });
  }

  async overlay(
    path: string,
    base: DiskFile,
    { virtualBytes, ...work }: { virtualBytes?: number } & DiskWork = {},
  ): Promise<void> {
    const size = virtualBytes === undefined ? [] : [String(Math.max(virtualBytes, await sizeOf(base)))];
    await make(path, (partial) => {
      const args = ['create', '-q', '-f', 'qcow2', '-b', base.path, '-F', base.format, partial, ...size];
      return run(path, args, work);
    });
  }

  async convert(from: DiskSource, to: DiskFile, work: DiskWork = {}): Promise<void> {
    await make(to.path, (partial) => {
      const args = ['convert', '-p', '-O', to.format, ...momentArgs(from), ...sourceArgs(from), partial];
      return run(to.path, args, work, CONVERSION);
    });
  }

  async measure(from: DiskSource, { signal }: DiskWork = {}): Promise<number> {
    const args = ['measure', '--output=json', '-O', 'qcow2', ...sourceArgs(from)];
    const output = await ask(from.path, args, { signal, limits: CHECK });
    return measureOutput.parse(output).required;
  }

  async grow(disk: DiskFile, virtualBytes: number, work: DiskWork = {}): Promise<void> {
    if ((await sizeOf(disk)) >= virtualBytes) return;
    await run(disk.path, ['resize', '-q', '-f', disk.format, disk.path, String(virtualBytes)], work);
    await sync(disk.path);
  }

  async flatten(path: string, work: DiskWork = {}): Promise<void> {
    // The header keeps naming the backing file until all is copied, so a rebase that was cut short is begun again.
    if ((await readQcow2Header(path))?.backingFile == null) return;
    await run(path, ['rebase', '-p', '-f', 'qcow2', '-b', '', path], work);
    await sync(path);
  }

  async info(
    path: string,
    { part = null, signal }: DiskWork & { readonly part?: FilePart | null } = {},
  ): Promise<DiskInfo | null> {
    const head = await readHead(path, RECOGNISED_HEAD_BYTES, part?.offset);
    const format = recogniseFormat(head);
    switch (format) {
      case null:
      case 'tar':
        return null;
      case 'iso':
      case 'raw':
        return { ...(await rawSizes(path, part)), format: 'raw', ...selfContained };
      case 'qcow2':
        return qcow2Info(path, part);
      case 'vmdk':
        if (!isSelfContainedVmdk(head)) return { ...(await rawSizes(path, part)), format, ...elsewhere };
        return foreignInfo({ path, format, part }, signal);
      case 'vhdx':
      case 'vdi':
      case 'vpc':
        return foreignInfo({ path, format, part }, signal);
    }
  }

  async check(disk: DiskSource, work: DiskWork = {}): Promise<void> {
    // Raw has no metadata to be wrong, and VHD's is all looked at whenever it is opened.
    if (disk.format === 'raw' || disk.format === 'vpc') return;
    const args = ['check', '-q', ...sourceArgs(disk)];
    try {
      await runProgram(QEMU_IMG, args, { signal: work.signal, limits: CHECK });
    } catch (error) {
      if (error instanceof ProgramFailure && error.status === ONLY_LEAKS) return;
      throw translate(error, disk.path);
    }
  }

  async chain(disk: DiskFile): Promise<string[]> {
    const paths = [disk.path];
    for (let file: DiskFile | null = disk; file !== null && paths.length < LONGEST_CHAIN; ) {
      file = await backingOf(file);
      if (file === null || paths.includes(file.path)) break;
      paths.push(file.path);
    }
    return paths;
  }

  async contentBytes(disk: DiskFile): Promise<number> {
    const sizes = await Promise.all((await this.chain(disk)).map(allocatedBytes));
    return sizes.reduce((total, bytes) => total + bytes, 0);
  }

  async internalSnapshots(path: string): Promise<InternalSnapshot[]> {
    if ((await stat(path).catch(() => null)) === null) return [];
    const args = ['info', '-U', '--output=json', '-f', 'qcow2', path];
    const { snapshots } = snapshotsOutput.parse(await ask(path, args, { limits: INSPECTION }));
    return snapshots.map((snapshot) => ({ name: snapshot.name, stateBytes: snapshot['vm-state-size'] }));
  }

  discard(path: string): Promise<void> {
    return discard(path);
  }
}

const selfContained = { backingFile: null, externalData: false, encrypted: false } as const;
const elsewhere = { backingFile: null, externalData: true, encrypted: false } as const;

async function make(path: string, work: (partial: string) => Promise<void>): Promise<void> {
  const partial = partialPath(path);
  try {
    await work(partial);
    await settle(path);
  } catch (error) {
    // A failure to tidy up must not hide why there is something to tidy.
    await rm(partial, { force: true }).catch(() => undefined);
    throw fromFileError(error, path);
  }
}

async function run(
  path: string,
  args: readonly string[],
  { signal, onProgress }: DiskWork,
  limits?: ProgramOptions['limits'],
): Promise<void> {
  const onLine = (line: string): void => {
    const percent = PROGRESS.exec(line)?.[1];
    if (percent !== undefined) onProgress?.(Number(percent) / 100);
  };
  try {
    await runProgram(QEMU_IMG, args, { signal, onLine, ...(limits && { limits }) });
  } catch (error) {
    throw translate(error, path);
  }
}

/** qemu-img has one exit status for everything; ENOSPC is told by the C library's words for it. */
function translate(error: unknown, path: string): unknown {
  if (!(error instanceof ProgramFailure)) return error;
  if (/No space left on device|Disk quota exceeded/.test(error.detail)) {
    return new LimenError('STORAGE_FULL', { path }, { cause: error });
  }
  return new LimenError('UNSUITABLE_IMAGE', { reason: 'damaged', detail: error.detail }, { cause: error });
}

/** What the tool answers, as JSON. */
async function ask(path: string, args: readonly string[], options: ProgramOptions): Promise<unknown> {
  try {
    return JSON.parse(await runProgram(QEMU_IMG, args, options));
  } catch (error) {
    throw translate(error, path);
  }
}

/** Only QEMU's JSON notation can say where in a file a disk lies; paths in it need no escaping but JSON's. */
function sourceArgs({ path, format, part = null }: DiskSource): string[] {
  if (part === null) return ['-f', format, path];
  const size = Math.ceil(part.bytes / BLOCK) * BLOCK;
  const file = { driver: 'file', filename: path };
  return [
    `json:${JSON.stringify({ driver: format, file: { driver: 'raw', offset: part.offset, size, file } })}`,
  ];
}

/** A comma would end the name. */
function momentArgs({ snapshot }: DiskSource): string[] {
  return snapshot === undefined ? [] : ['-l', `snapshot.name=${snapshot.replaceAll(',', ',,')}`];
}

/** 0 for a file that cannot be read: whoever needs it will say so. */
async function allocatedBytes(path: string): Promise<number> {
  return stat(path).then(
    ({ blocks }) => blocks * BLOCK,
    () => 0,
  );
}

async function rawSizes(
  path: string,
  part: FilePart | null = null,
): Promise<Pick<DiskInfo, 'virtualBytes' | 'actualBytes'>> {
  if (part !== null) return { virtualBytes: part.bytes, actualBytes: part.bytes };
  const { size, blocks } = await stat(path);
  return { virtualBytes: size, actualBytes: blocks * BLOCK };
}

/** From the header alone: qemu-img would open what it names. */
async function qcow2Info(path: string, part: FilePart | null = null): Promise<DiskInfo> {
  const header = await readQcow2Header(path, part?.offset);
  if (header === null) {
    throw new LimenError('UNSUITABLE_IMAGE', { reason: 'damaged', detail: 'the qcow2 header is not valid' });
  }
  const { virtualBytes, backingFile, externalData, encrypted } = header;
  const { actualBytes } = await rawSizes(path, part);
  return { format: 'qcow2', virtualBytes, actualBytes, backingFile, externalData, encrypted };
}

/** Formats that QEMU knows better than we do; `info` opens no backing file. */
async function foreignInfo(source: DiskSource, signal: AbortSignal | undefined): Promise<DiskInfo> {
  const args = ['info', '-U', '--output=json', ...sourceArgs(source)];
  const output = infoOutput.parse(await ask(source.path, args, { signal, limits: INSPECTION }));
  return {
    format: source.format,
    virtualBytes: output['virtual-size'],
    actualBytes: output['actual-size'],
    backingFile: output['backing-filename'] ?? null,
    externalData: false,
    encrypted: output.encrypted ?? false,
  };
}

async function sizeOf(disk: DiskFile): Promise<number> {
  return disk.format === 'raw' ? (await stat(disk.path)).size : (await qcow2Info(disk.path)).virtualBytes;
}

/** The file a disk shares blocks of; null without one, when it is no local file, or when the disk is gone. */
async function backingOf(disk: DiskFile): Promise<DiskFile | null> {
  if (disk.format === 'raw') return null;
  const header = await readQcow2Header(disk.path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  const name = header?.backingFile;
  if (name == null || /^[a-z+-]+:/.test(name)) return null;
  const format = header?.backingFormat === 'raw' ? 'raw' : 'qcow2';
  return { path: resolve(dirname(disk.path), name), format };
}
