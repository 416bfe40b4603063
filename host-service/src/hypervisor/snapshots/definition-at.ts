import { LimenError } from '@limen/contract';
import {
  type DomainId,
  type DomainXml,
  type LibvirtClient,
  procedures,
  SnapshotXml,
  XmlFlag,
} from 'node-libvirt';
import { findSnapshot } from './snapshot-reader.ts';

const { snapshots } = procedures;

/** What the next start would have got at a snapshot, with secrets. Rejects with `NOT_FOUND` (kind `snapshot`). */
export async function definitionAt(
  client: LibvirtClient,
  { uuid }: DomainId,
  name: string,
): Promise<DomainXml> {
  const snapshot = await findSnapshot(client, uuid, name);
  if (snapshot === null) throw noSnapshot(name);
  const flags = XmlFlag.secure;
  const xml = SnapshotXml.parse(await client.call(snapshots.getXmlDesc, { snapshot, flags }));
  const definition = xml.storedDomain;
  if (definition === null) throw noSnapshot(name);
  return definition;
}

export function noSnapshot(name: string): LimenError<'NOT_FOUND'> {
  return new LimenError('NOT_FOUND', { kind: 'snapshot', id: name });
}
