import { Button, Group } from '@mantine/core';
import { useText } from '../locales/i18n.ts';

export interface DialogActionsProps {
  readonly submit: string;
  readonly busy: boolean;
  readonly disabled?: boolean;
  readonly color?: string;
  readonly onCancel: () => void;
}

/** The two buttons a dialog's form ends with. */
export function DialogActions({ submit, busy, disabled = false, color, onCancel }: DialogActionsProps) {
  const { t } = useText();
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t('common:cancel')}
      </Button>
      <Button type="submit" loading={busy} disabled={disabled} {...(color !== undefined && { color })}>
        {submit}
      </Button>
    </Group>
  );
}
