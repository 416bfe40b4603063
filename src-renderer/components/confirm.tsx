import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { Translate } from '../locales/i18n.ts';

export interface Confirmation {
  readonly title: string;
  /** Names what will be lost. */
  readonly body: string;
  readonly confirm: string;
}

/** Ask before a destructive act. Resolves to false when the person closes the question in any way. */
export function confirmDestructive({ title, body, confirm }: Confirmation, t: Translate): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title,
      children: <Text size="sm">{body}</Text>,
      labels: { confirm, cancel: t('common:cancel') },
      confirmProps: { color: 'red', 'data-autofocus': true },
      onConfirm: () => resolve(true),
      onClose: () => resolve(false),
    });
  });
}
