import type { MachineState, PowerAction } from '@limen/contract';
import type { Translate } from '../locales/i18n.ts';

/** What an action is called for a machine in this state: one that sleeps on the host's disk is not started anew. */
export function powerWord(action: PowerAction, state: MachineState, t: Translate): string {
  return action === 'start' && state === 'saved' ? t('power:restore') : t(`power:action.${action}`);
}
