import type { LinkState } from '@limen/contract';
import {
  IconAlertTriangle,
  IconCircleCheckFilled,
  IconCircleX,
  IconLoader2,
  IconLock,
  IconShieldX,
  type TablerIcon,
} from '@tabler/icons-react';
import { useText } from '../locales/i18n.ts';
import classes from './badge.module.css';

interface LinkLook {
  readonly icon: TablerIcon;
  readonly color: string;
  readonly key:
    | 'idle'
    | 'resolving'
    | 'connecting'
    | 'authenticating'
    | 'syncing'
    | 'live'
    | 'waiting'
    | 'needsSignIn'
    | 'incompatible'
    | 'untrusted';
}

const looks: Record<LinkState, LinkLook> = {
  idle: { icon: IconLoader2, color: 'var(--limen-quiet)', key: 'idle' },
  resolving: { icon: IconLoader2, color: 'var(--limen-busy)', key: 'resolving' },
  connecting: { icon: IconLoader2, color: 'var(--limen-busy)', key: 'connecting' },
  authenticating: { icon: IconLoader2, color: 'var(--limen-busy)', key: 'authenticating' },
  syncing: { icon: IconLoader2, color: 'var(--limen-busy)', key: 'syncing' },
  live: { icon: IconCircleCheckFilled, color: 'var(--limen-running)', key: 'live' },
  waiting: { icon: IconCircleX, color: 'var(--limen-error)', key: 'waiting' },
  'needs-sign-in': { icon: IconLock, color: 'var(--limen-paused)', key: 'needsSignIn' },
  incompatible: { icon: IconAlertTriangle, color: 'var(--limen-paused)', key: 'incompatible' },
  untrusted: { icon: IconShieldX, color: 'var(--limen-error)', key: 'untrusted' },
};

export interface LinkBadgeProps {
  readonly state: LinkState;
  /** Only the icon, with the word as its name: for the sidebar. */
  readonly iconOnly?: boolean;
}

/** How the link to a host stands. Each state has its own shape, not only its own colour. */
export function LinkBadge({ state, iconOnly = false }: LinkBadgeProps) {
  const { t } = useText();
  const look = looks[state];
  const Icon = look.icon;
  const label = t(`common:link.${look.key}`);
  return (
    <span
      className={classes['badge']}
      style={{ color: look.color }}
      data-link={state}
      {...(iconOnly && { title: label })}
    >
      <Icon
        size={iconOnly ? 16 : 14}
        aria-hidden={!iconOnly}
        {...(iconOnly && { role: 'img', 'aria-label': label })}
      />
      {!iconOnly && label}
    </span>
  );
}
