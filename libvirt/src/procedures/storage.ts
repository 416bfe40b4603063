import { boolean, constant, flags, i32, listing, string, u64 } from '../xdr/codec.ts';
import { def, slow, stream } from './define.ts';
import { pool, poolInfo, volume, volumeInfo } from './records.ts';

/** Calls on storage pools. Sizes are bytes. */
export const pools = {
  lookupByName: def(84, { name: string }, pool),
  define: slow(77, { xml: string, flags }, pool),
  undefine: slow(82, { pool }),
  create: slow(78, { pool, flags }),
  build: slow(79, { pool, flags }),
  destroy: slow(80, { pool }),
  refresh: slow(83, { pool, flags }),
  getInfo: def(87, { pool }, poolInfo),
  getXmlDesc: def(88, { pool, flags }, string),
  setAutostart: def(90, { pool, autostart: boolean }),
  listVolumes: def(282, { pool, needResults: constant(i32, 1), flags }, listing(volume)),
} as const;

/** Calls on storage volumes. Sizes are bytes. */
export const volumes = {
  lookupByName: def(95, { pool, name: string }, volume),
  lookupByPath: def(97, { path: string }, volume),
  create: slow(93, { pool, xml: string, flags }, volume),
  createFrom: slow(125, { pool, xml: string, source: volume, flags }, volume),
  delete: slow(94, { volume, flags }),
  resize: slow(260, { volume, capacity: u64, flags }),
  getInfo: def(98, { volume }, volumeInfo),
  getXmlDesc: def(99, { volume, flags }, string),
  getPath: def(100, { volume }, string),
  /** `length` 0 means up to the end. */
  upload: stream('write', slow(208, { volume, offset: u64, length: u64, flags })),
  download: stream('read', slow(209, { volume, offset: u64, length: u64, flags })),
} as const;
