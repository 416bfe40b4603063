import {
  checkEdit,
  checkNewNetwork,
  mainAddress,
  type NetworkEdit,
  type NetworkKind,
  type NetworkSettings,
  type NetworksSnapshot,
  type NewAddress,
  newNetwork,
  type NewNetwork,
  networkEdit,
  proposeIpv4,
  proposeIpv6,
  surroundingsOf,
} from '@limen/contract';
import type { Translate } from '../../locales/i18n.ts';
import { problemText } from './words.ts';

/** What is in the fields of a dialog about a whole network. */
export interface NetworkDraft {
  readonly name: string;
  readonly kind: NetworkKind;
  readonly device: string | null;
  /** Of kind `bridge` the host's; else empty, for libvirt to choose. */
  readonly bridge: string;
  readonly ipv4: NewAddress | null;
  readonly ipv6: NewAddress | null;
  readonly domain: string;
  readonly localOnly: boolean;
  readonly autostart: boolean;
}

/** What is wrong, in words, by the path of the field. */
export type Problems = ReadonlyMap<string, string>;

type Taken = NetworksSnapshot['surroundings']['taken'];

const FORMATS = ['name', 'bridge', 'domain'] as const;

export function emptyDraft(taken: Taken): NetworkDraft {
  return {
    name: '',
    kind: 'nat',
    device: null,
    bridge: '',
    ipv4: proposeIpv4(taken),
    ipv6: null,
    domain: '',
    localOnly: true,
    autostart: true,
  };
}

export function draftOf(name: string, stored: NetworkSettings): NetworkDraft {
  const address = (family: 'ipv4' | 'ipv6'): NewAddress | null => {
    const main = mainAddress(stored, family);
    return main && { address: main.address, ranges: main.ranges };
  };
  return {
    name,
    kind: stored.kind === 'other' ? 'isolated' : stored.kind,
    device: stored.device,
    bridge: stored.bridge ?? '',
    ipv4: address('ipv4'),
    ipv6: address('ipv6'),
    domain: stored.domain?.name ?? '',
    localOnly: stored.domain?.localOnly ?? true,
    autostart: true,
  };
}

/** 40 bits nobody else draws, as RFC 4193 asks. */
function globalId(): bigint {
  return crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n;
}

export function propose(family: 'ipv4' | 'ipv6', taken: Taken): NewAddress | null {
  return family === 'ipv4' ? proposeIpv4(taken) : proposeIpv6(taken, globalId);
}

/** The network a draft asks for. What does not fit its kind stays in the draft, for who changes the kind back. */
export function wishOf(draft: NetworkDraft): unknown {
  const { name, kind, device, bridge, ipv4, ipv6, domain, localOnly, autostart } = draft;
  if (kind === 'bridge') return { name, kind, bridge: bridge || null, autostart };
  return {
    name,
    kind,
    device: kind === 'isolated' ? null : device,
    bridge: bridge || null,
    ipv4,
    ipv6,
    domain: domain === '' ? null : { name: domain, localOnly },
    autostart,
  };
}

/** The network to be made, or what is wrong with it. */
export function checkDraft(
  draft: NetworkDraft,
  snapshot: NetworksSnapshot,
  t: Translate,
): { readonly wish: NewNetwork | null; readonly problems: Problems } {
  const parsed = newNetwork.safeParse(wishOf(draft));
  const malformed = new Set(parsed.error?.issues.map(({ path }) => String(path[0])));
  const found = new Map<string, string>();
  // What is not finished in one field keeps nobody from hearing of another.
  const rest = newNetwork.safeParse(wishOf({ ...draft, ...without(malformed) }));
  const problems = rest.success ? checkNewNetwork(rest.data, surroundingsOf(snapshot)) : [];
  for (const problem of problems) found.set(problem.path.join('.'), problemText(problem, t));
  for (const field of FORMATS) if (malformed.has(field)) found.set(field, t(`networks:error.${field}`));
  return { wish: parsed.success && found.size === 0 ? parsed.data : null, problems: found };
}

/** Something well-formed in place of these fields. */
function without(fields: ReadonlySet<string>): Partial<NetworkDraft> {
  return {
    ...(fields.has('name') && { name: 'unnamed' }),
    ...(fields.has('bridge') && { bridge: '' }),
    ...(fields.has('domain') && { domain: '' }),
  };
}

/** What a draft changes about what is stored, as edits; ranges alone can change while the network runs. */
export function editsOf(draft: NetworkDraft, stored: NetworkSettings): NetworkEdit[] {
  if (stored.kind === 'bridge') {
    return draft.bridge === stored.bridge ? [] : [{ type: 'set-host-bridge', bridge: draft.bridge }];
  }
  const edits: NetworkEdit[] = [];
  const before = draftOf(draft.name, stored);
  const device = draft.kind === 'isolated' ? null : draft.device;
  for (const family of ['ipv4', 'ipv6'] as const) {
    const address = draft[family];
    const old = before[family];
    if (JSON.stringify(address) === JSON.stringify(old)) continue;
    if (address !== null && address.address === old?.address) {
      edits.push({ type: 'set-ranges', family, ranges: address.ranges });
    } else edits.push({ type: 'set-address', family, address });
  }
  if (draft.kind !== 'bridge' && (draft.kind !== before.kind || device !== before.device)) {
    edits.push({ type: 'set-kind', kind: draft.kind, device });
  }
  const { domain: name, localOnly } = draft;
  if (name !== before.domain || (name !== '' && localOnly !== before.localOnly)) {
    edits.push({ type: 'set-domain', domain: name === '' ? null : { name, localOnly } });
  }
  return edits;
}

/** What is wrong with edits of a network, by the paths of the fields. */
export function checkEdits(
  edits: readonly NetworkEdit[],
  { name, stored }: { readonly name: string; readonly stored: NetworkSettings },
  snapshot: NetworksSnapshot,
  t: Translate,
): Problems {
  const { taken, devices, bridges } = surroundingsOf(snapshot);
  const around = {
    devices,
    bridges,
    taken: taken.filter((each) => each.by !== 'network' || each.name !== name),
  };
  const found = edits.flatMap((edit): (readonly [string, string])[] => {
    if (!networkEdit.safeParse(edit).success) {
      return edit.type === 'set-domain'
        ? [['domain', t('networks:error.domain')]]
        : [['bridge', t('networks:error.bridge')]];
    }
    return checkEdit(edit, stored, around).map((problem) => [
      problem.path.join('.'),
      problemText(problem, t),
    ]);
  });
  return new Map(found);
}
