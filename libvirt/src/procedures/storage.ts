import { boolean, constant, flags, i32, listing, string, u32, u64, uuid } from '../xdr/codec.ts';
import { def, job, slow, stream } from './define.ts';
import { pool, poolInfo, volume, volumeInfo } from './records.ts';

/** Calls on storage pools. Sizes are bytes. */
export const pools = {
  lookupByName: def(84, { name: string }, pool),
  lookupByUuid: def(85, { uuid }, pool),
  lookupByVolume: def(86, { volume }, pool),
  lookupByTargetPath: def(391, { path: string }, pool),
  define: slow(77, { xml: string, flags }, pool),
  undefine: slow(82, { pool }),
  /** Start a transient pool. */
  createXml: job(76, { xml: string, flags }, pool),
  create: job(78, { pool, flags }),
  build: job(79, { pool, flags }),
  /** Stop it; its data stays. */
  destroy: job(80, { pool }),
  /** Remove what {@link pools.build} made, e.g. the folder. */
  delete: job(81, { pool, flags }),
  refresh: job(83, { pool, flags }),
  isActive: def(154, { pool }, boolean),
  isPersistent: def(155, { pool }, boolean),
  getInfo: def(87, { pool }, poolInfo),
  getXmlDesc: def(88, { pool, flags }, string),
  getAutostart: def(89, { pool }, boolean),
  setAutostart: def(90, { pool, autostart: boolean }),
  listVolumes: def(282, { pool, needResults: constant(i32, 1), flags }, listing(volume)),
} as const;

/** Calls on storage volumes. Sizes are bytes. */
export const volumes = {
  lookupByName: def(95, { pool, name: string }, volume),
  lookupByKey: def(96, { key: string }, volume),
  lookupByPath: def(97, { path: string }, volume),
  create: job(93, { pool, xml: string, flags }, volume),
  /** Clone `source`, which may lie in another pool. */
  createFrom: job(125, { pool, xml: string, source: volume, flags }, volume),
  delete: job(94, { volume, flags }),
  wipe: job(165, { volume, flags }),
  /** `algorithm` is a {@link WipeAlgorithm}. */
  wipePattern: job(259, { volume, algorithm: u32, flags }),
  resize: job(260, { volume, capacity: u64, flags }),
  getInfo: def(98, { volume }, volumeInfo),
  /** As {@link volumes.getInfo}, with the size in the file system when asked by {@link VolumeInfoFlag}. */
  getInfoFlags: def(378, { volume, flags }, volumeInfo),
  getXmlDesc: def(99, { volume, flags }, string),
  getPath: def(100, { volume }, string),
  /** `length` 0 means up to the end. */
  upload: stream('write', slow(208, { volume, offset: u64, length: u64, flags })),
  download: stream('read', slow(209, { volume, offset: u64, length: u64, flags })),
} as const;
