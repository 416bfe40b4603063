import type { Machine, PowerAction } from '@limen/contract';
import { useCallback } from 'react';
import { confirmDestructive } from '../components/confirm.tsx';
import { notifyError } from '../components/notify.tsx';
import { isDestructive } from '../components/state-icons.ts';
import { useText } from '../locales/i18n.ts';
import type { MachineRef } from '../stores/machine-key.ts';
import { runPowerAction } from '../stores/power.ts';

/** One machine, one action: asks where something may be lost, and says why when the host refuses. */
export function usePowerAction(): (ref: MachineRef, machine: Machine, action: PowerAction) => void {
  const { t } = useText();
  return useCallback(
    (ref, machine, action) => {
      const { name } = machine;
      const word = t(`power:action.${action}`);
      const run = async () => {
        if (isDestructive(action)) {
          const title = t(`power:confirm.${action}.title`, { name });
          const body = t(`power:confirm.${action}.body`);
          if (!(await confirmDestructive({ title, body, confirm: word }, t))) return;
        }
        const result = await runPowerAction(ref, machine, action);
        if (!result.ok) notifyError(t('power:refused', { action: word, name }), result.error, t);
      };
      void run();
    },
    [t],
  );
}
