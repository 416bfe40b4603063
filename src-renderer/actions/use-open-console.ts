import { useCallback } from 'react';
import { asLimenError, call } from '../api/bridge.ts';
import { notifyError } from '../components/notify.tsx';
import { useText } from '../locales/i18n.ts';
import type { MachineRef } from '../stores/machine-key.ts';

/** Open, or bring to the front, the native console window of a machine. */
export function useOpenConsole(): (ref: MachineRef) => void {
  const { t } = useText();
  return useCallback(
    ({ linkId, machineId }) => {
      call('windows.openConsole', { linkId, machineId }).catch((error: unknown) => {
        notifyError(t('machine:openConsole'), asLimenError(error), t);
      });
    },
    [t],
  );
}
