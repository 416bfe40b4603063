import { stat } from 'node:fs/promises';
import { type ErrorData, LimenError } from '@limen/contract';
import { XmlSyntaxError } from 'node-libvirt';
import { extract } from 'tar-stream';
import type { FilePart } from '../ports/disk-tool.ts';
import { readHead } from './head.ts';
import { type OvfDisk, readOvfDisks } from './ovf.ts';

/** An OVA has a handful of files. */
const MOST_MEMBERS = 256;
/** Descriptors have some 20 KiB. */
const LARGEST_OVF = 4 * 2 ** 20;
const TAR_BLOCK = 512;
/** A header takes a block; with a long name or size, some more. */
const HEADER_BYTES = 64 * 1024;

interface Member extends FilePart {
  readonly name: string;
  readonly isFile: boolean;
}

/** The disk of an OVA: where it lies in the archive, and the names of those that are left out. */
export interface OvaDisk {
  readonly name: string;
  readonly part: FilePart;
  readonly leftOut: readonly string[];
}

/**
 * Find the disk in an OVA: a tar archive with an OVF and the files that it names. Of several disks the first one, from
 * which the machine boots. Nothing is unpacked. Rejects with `UNSUITABLE_IMAGE`.
 */
export async function findOvaDisk(path: string): Promise<OvaDisk> {
  const members = await listMembers(path);
  const [disk, ...others] = await describedDisks(path, members);
  if (disk === undefined) throw unsuitable('no-disk-inside', 'its OVF names no disk');
  if (disk.compressed || disk.chunked) {
    throw unsuitable('no-disk-inside', `${disk.href} is ${disk.compressed ? 'compressed' : 'in pieces'}`);
  }
  // Only names of the archive's own top level: there is nothing else to be had, whatever the OVF says.
  if (/[/\\\0]/.test(disk.href))
    throw unsuitable('no-disk-inside', 'its OVF names a disk that lies elsewhere');
  const member = members.find(({ name }) => name === disk.href);
  if (member === undefined) throw unsuitable('no-disk-inside', `${disk.href} is not in it`);
  const { name, offset, bytes } = member;
  return { name, part: { offset, bytes }, leftOut: others.map(({ href }) => href) };
}

async function describedDisks(path: string, members: readonly Member[]): Promise<OvfDisk[]> {
  const descriptor = members.find(({ name }) => /\.ovf$/i.test(name));
  if (descriptor === undefined) throw unsuitable('no-disk-inside', 'a tar archive without OVF');
  if (descriptor.bytes > LARGEST_OVF) throw unsuitable('damaged', `its OVF has ${descriptor.bytes} bytes`);
  try {
    return readOvfDisks((await readHead(path, descriptor.bytes, descriptor.offset)).toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof XmlSyntaxError)) throw cause;
    throw unsuitable('damaged', `its OVF cannot be read: ${cause.message}`, cause);
  }
}

/** The archive's regular files; only headers are read, for disks are large. */
async function listMembers(path: string): Promise<Member[]> {
  const { size: length } = await stat(path);
  const members: Member[] = [];
  for (let position = 0; position < length; ) {
    const member = await nextMember(await readHead(path, HEADER_BYTES, position), position);
    if (member === null) break;
    const { name, offset, bytes, isFile } = member;
    if (offset + bytes > length) throw unsuitable('damaged', `${name} is cut off`);
    if (isFile) members.push(member);
    if (members.length > MOST_MEMBERS) throw unsuitable('no-disk-inside', 'it has too many files for an OVA');
    position = offset + Math.ceil(bytes / TAR_BLOCK) * TAR_BLOCK;
  }
  return members;
}

/** What the first header of a piece of the archive announces; null at the end of the archive. */
async function nextMember(piece: Buffer, position: number): Promise<Member | null> {
  const archive = extract();
  try {
    return await new Promise((resolve, reject) => {
      archive.once('entry', ({ name, size, type }, { offset }) => {
        const isFile = type === 'file' || type === 'contiguous-file';
        resolve({ name, offset: position + offset + TAR_BLOCK, bytes: size, isFile });
      });
      archive.once('finish', () => resolve(null));
      archive.once('error', reject);
      archive.end(piece);
    });
  } catch (cause) {
    throw unsuitable('damaged', 'the archive cannot be read', cause);
  } finally {
    archive.destroy();
  }
}

function unsuitable(
  reason: ErrorData<'UNSUITABLE_IMAGE'>['reason'],
  detail: string,
  cause?: unknown,
): LimenError {
  return new LimenError('UNSUITABLE_IMAGE', { reason, detail }, { cause });
}
