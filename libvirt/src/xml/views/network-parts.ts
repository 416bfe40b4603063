import { integer, required, text, yesNo } from '../fields/field.ts';
import { list, record } from '../fields/structure.ts';

const rate = {
  /** KiB/s. */
  average: integer('@average'),
  /** KiB/s. */
  peak: integer('@peak'),
  /** KiB at once at the speed of the peak. */
  burst: integer('@burst'),
  /** KiB/s that are kept for it; inbound only. */
  floor: integer('@floor'),
};

/** How fast it may be, seen from the guest; of interfaces, networks and port groups. */
export const bandwidth = record('bandwidth', {
  inbound: record('inbound', rate),
  outbound: record('outbound', rate),
});

/** 802.1Q tags; with `trunk` the guest sees them itself. */
export const vlan = record('vlan', {
  trunk: yesNo('@trunk'),
  tags: list('tag', {
    id: required(integer('@id'), 0),
    nativeMode: text<'tagged' | 'untagged'>('@nativeMode'),
  }),
});
