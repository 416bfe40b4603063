import {
  type PoolState,
  type PoolType,
  poolType,
  type StoragePool,
  type StorageVolume,
} from '@limen/contract';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleOff,
  IconLoader,
  type TablerIcon,
} from '@tabler/icons-react';
import type { Translate } from '../../locales/i18n.ts';

export const poolStateIcons: Record<PoolState, { readonly icon: TablerIcon; readonly color: string }> = {
  running: { icon: IconCircleCheck, color: 'var(--limen-running)' },
  inactive: { icon: IconCircleOff, color: 'var(--limen-quiet)' },
  building: { icon: IconLoader, color: 'var(--limen-quiet)' },
  degraded: { icon: IconAlertTriangle, color: 'var(--limen-error)' },
  inaccessible: { icon: IconAlertTriangle, color: 'var(--limen-error)' },
};

/** A kind LIMEN knows in words; others by libvirt's. */
export function poolTypeName(type: string, t: Translate): string {
  const known: PoolType | undefined = poolType.options.find((one) => one === type);
  return known === undefined ? type : t(`storage:type.${known}`);
}

/** More has been promised than there is. */
export function isOvercommitted({ promisedBytes, capacityBytes }: StoragePool): boolean {
  return promisedBytes !== null && promisedBytes > capacityBytes;
}

/** Who needs a volume, in words: "web-1, debian-12 (image)". */
export function userNames({ usedBy }: Pick<StorageVolume, 'usedBy'>, t: Translate): string {
  return usedBy
    .map((user) => {
      if (user.trashed) return t('storage:user.trashed', { name: user.name });
      return user.kind === 'machine' ? user.name : t(`storage:user.${user.kind}`, { name: user.name });
    })
    .join(', ');
}
