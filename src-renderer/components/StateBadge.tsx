import type { MachineState, PowerAction } from '@limen/contract';
import { Loader } from '@mantine/core';
import { useText } from '../locales/i18n.ts';
import classes from './badge.module.css';
import { stateLooks } from './state-icons.ts';

export interface StateBadgeProps {
  readonly state: MachineState;
  /** Shown in place of the state: what was asked for and has not happened yet. */
  readonly pending?: PowerAction | undefined;
  /** Last known, not the present. */
  readonly stale?: boolean;
}

/** Icon, word and colour: any one of them alone would do. */
export function StateBadge({ state, pending, stale = false }: StateBadgeProps) {
  const { t } = useText();
  const look = stateLooks[state];
  const Icon = look.icon;
  if (pending) {
    return (
      <span
        className={classes['badge']}
        style={{ color: 'var(--limen-busy)' }}
        data-state={state}
        data-pending={pending}
      >
        <Loader size={12} color="var(--limen-busy)" aria-hidden />
        {t(`power:pending.${pending}`)}
      </span>
    );
  }
  return (
    <span
      className={classes['badge']}
      style={{ color: stale ? 'var(--limen-quiet)' : look.color }}
      data-state={state}
    >
      <Icon size={14} aria-hidden />
      {t(look.label)}
    </span>
  );
}
