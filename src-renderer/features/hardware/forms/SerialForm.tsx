import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { PlainTable } from '../../../components/PlainTable.tsx';
import { useText } from '../../../locales/i18n.ts';
import { FormFrame } from '../FormFrame.tsx';
import { portName } from '../model/differences.ts';
import type { DeviceFormProps } from './CpuForm.tsx';
import { RemovalButton } from './RemovalButton.tsx';

const MOST_PORTS = 4;

/** Serial ports: where systems say what goes on when nothing else works. */
export function SerialForm({ model, device }: DeviceFormProps) {
  const { t } = useText();
  const { draft, stored, put, drop, editable } = model;
  const ports = stored.serialPorts;
  const isAdding = draft.has('add-serial');
  return (
    <FormFrame model={model} device={device} title={t('hardware:device.serial')}>
      {ports.length > 0 && (
        <PlainTable
          label={t('hardware:device.serial')}
          head={[t('hardware:serial.port'), t('hardware:serial.type'), '']}
          rows={ports.map((entry) => ({
            key: String(entry.port),
            cells: [
              portName(entry),
              entry.type,
              <RemovalButton
                key="remove"
                model={model}
                wish={`remove-serial/${entry.port}`}
                label={t('hardware:serial.remove')}
                onRemove={() => put({ type: 'remove-serial', port: entry.port })}
              />,
            ],
          }))}
        />
      )}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={!editable || (!isAdding && ports.length >= MOST_PORTS)}
          onClick={() => (isAdding ? drop('add-serial') : put({ type: 'add-serial' }))}
        >
          {t(isAdding ? 'hardware:add.leaveOut' : 'hardware:serial.add')}
        </Button>
      </div>
      <Text size="sm" c="var(--limen-quiet)">
        {t('hardware:serial.about')}
      </Text>
    </FormFrame>
  );
}
