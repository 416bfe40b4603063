import type { MachineState, PowerAction } from '@limen/contract';
import {
  IconAlertTriangle,
  IconBolt,
  IconCircle,
  IconDeviceFloppy,
  IconMoon,
  IconPlayerPause,
  IconPlayerPauseFilled,
  IconPlayerPlay,
  IconPlayerPlayFilled,
  IconPower,
  IconProgressDown,
  IconReload,
  IconRotateClockwise2,
  type TablerIcon,
} from '@tabler/icons-react';

export interface StateLook {
  readonly icon: TablerIcon;
  /** CSS colour, from theme/global.css; AA on all surfaces of both themes. */
  readonly color: string;
  readonly label:
    | 'common:state.running'
    | 'common:state.paused'
    | 'common:state.shuttingDown'
    | 'common:state.off'
    | 'common:state.saved'
    | 'common:state.crashed'
    | 'common:state.suspended';
}

export const stateLooks: Record<MachineState, StateLook> = {
  running: { icon: IconPlayerPlayFilled, color: 'var(--limen-running)', label: 'common:state.running' },
  paused: { icon: IconPlayerPauseFilled, color: 'var(--limen-paused)', label: 'common:state.paused' },
  'shutting-down': {
    icon: IconProgressDown,
    color: 'var(--limen-paused)',
    label: 'common:state.shuttingDown',
  },
  off: { icon: IconCircle, color: 'var(--limen-off)', label: 'common:state.off' },
  saved: { icon: IconDeviceFloppy, color: 'var(--limen-saved)', label: 'common:state.saved' },
  crashed: { icon: IconAlertTriangle, color: 'var(--limen-error)', label: 'common:state.crashed' },
  suspended: { icon: IconMoon, color: 'var(--limen-paused)', label: 'common:state.suspended' },
};

export const actionIcons: Record<PowerAction, TablerIcon> = {
  start: IconPlayerPlay,
  shutdown: IconPower,
  reboot: IconReload,
  reset: IconRotateClockwise2,
  suspend: IconPlayerPause,
  resume: IconPlayerPlay,
  destroy: IconBolt,
};

/** Actions that lose what the guest has not written; they are confirmed first. */
export function isDestructive(action: PowerAction): action is 'destroy' | 'reset' {
  return action === 'destroy' || action === 'reset';
}
