import { Button } from '@mantine/core';
import { IconArrowBackUp, IconPlugX } from '@tabler/icons-react';
import { useText } from '../../../locales/i18n.ts';
import type { DeviceFormProps } from './CpuForm.tsx';

interface RemovalButtonProps extends Pick<DeviceFormProps<never>, 'model'> {
  /** The pending change that removes the device. */
  readonly wish: string;
  readonly label: string;
  readonly onRemove: () => void;
}

/** Removes a device, or takes that wish back. */
export function RemovalButton({ model, wish, label, onRemove }: RemovalButtonProps) {
  const { t } = useText();
  const isWished = model.draft.has(wish);
  const Icon = isWished ? IconArrowBackUp : IconPlugX;
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<Icon size={14} aria-hidden />}
      disabled={!model.editable}
      onClick={isWished ? () => model.drop(wish) : onRemove}
    >
      {isWished ? t('hardware:keepDevice') : label}
    </Button>
  );
}
