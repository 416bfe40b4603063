import { ActionIcon, Group, Text } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '../../locales/i18n.ts';

export interface EntryActionsProps {
  /** What the entry is called where it is read out. */
  readonly name: string;
  /** Beside the buttons. */
  readonly children: ReactNode;
  /** It is stored, and not in the running network. */
  readonly waits: boolean;
  readonly enabled: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

/** The last cell of an entry of a network: its text, and what can be done with it. */
export function EntryActions({ name, children, waits, enabled, onEdit, onRemove }: EntryActionsProps) {
  const { t } = useText();
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <div>
        {children}
        {waits && (
          <Text size="xs" c="var(--limen-paused)">
            {t('networks:pending.badge')}
          </Text>
        )}
      </div>
      {enabled && (
        <Group gap={4} wrap="nowrap">
          <ActionIcon size="sm" aria-label={t('networks:entry.edit', { name })} onClick={onEdit}>
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon size="sm" aria-label={t('networks:entry.remove', { name })} onClick={onRemove}>
            <IconTrash size={15} />
          </ActionIcon>
        </Group>
      )}
    </Group>
  );
}
