import type { LimenError } from '@limen/contract';
import { notifications } from '@mantine/notifications';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import type { Translate } from '../locales/i18n.ts';
import { errorText } from './error-text.ts';

/** A failure that has no better place on the screen. Stays until it is closed. */
export function notifyError(title: string, error: LimenError, t: Translate): void {
  const text = errorText(error, t);
  notifications.show({
    color: 'red',
    icon: <IconAlertCircle size={18} />,
    title,
    message: `${text.what}. ${text.why} ${text.todo}`,
    autoClose: false,
    withCloseButton: true,
  });
}

export function notifyDone(message: string): void {
  notifications.show({ icon: <IconCheck size={18} />, message });
}
