import { boolean, constant, flags, i32, listing, string } from '../xdr/codec.ts';
import { def, job } from './define.ts';
import { domain, snapshot } from './records.ts';

const needResults = constant(i32, 1);

/** Calls on snapshots. */
export const snapshots = {
  create: job(185, { domain, xml: string, flags }, snapshot),
  list: def(274, { domain, needResults, flags }, listing(snapshot)),
  listChildren: def(275, { snapshot, needResults, flags }, listing(snapshot)),
  lookupByName: def(189, { domain, name: string, flags }, snapshot),
  hasCurrent: def(190, { domain, flags }, boolean),
  current: def(191, { domain, flags }, snapshot),
  isCurrent: def(271, { snapshot, flags }, boolean),
  hasMetadata: def(272, { snapshot, flags }, boolean),
  getParent: def(244, { snapshot, flags }, snapshot),
  getXmlDesc: def(186, { snapshot, flags }, string),
  revert: job(192, { snapshot, flags }),
  delete: job(193, { snapshot, flags }),
} as const;
