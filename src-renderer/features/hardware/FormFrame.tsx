import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useText } from '../../locales/i18n.ts';
import classes from './hardware.module.css';
import type { Device } from './model/devices.ts';
import { pendingDifferences } from './model/differences.ts';
import { timingOf } from './model/liveness.ts';
import { editsTowards } from './model/towards.ts';
import { differenceText } from './model/words.ts';
import type { HardwareModel } from './use-hardware-model.ts';

export interface FormFrameProps {
  readonly model: HardwareModel;
  readonly device: Device;
  readonly title: string;
  /** What can be done with the device as a whole. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The form of one device, below what differs between now and the next boot. */
export function FormFrame({ model, device, title, actions, children }: FormFrameProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes['form']}>
      <Group justify="space-between" mb="md" wrap="nowrap" mih={36}>
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      <Stack gap="md">
        <NowAndNextBoot model={model} device={device} />
        {children}
      </Stack>
    </section>
  );
}

/** Says what runs now and what the next boot brings, where that differs, and offers to even it out. */
function NowAndNextBoot({ model, device }: { readonly model: HardwareModel; readonly device: Device }) {
  const { t } = useText();
  const { live, stored, speech, editable } = model;
  if (live === null) return null;
  const pending = pendingDifferences(live, stored).filter(({ deviceId }) => deviceId === device.id);
  if (pending.length === 0) return null;
  const toLive = editsTowards(live, stored, device).filter(
    (edit) => timingOf(edit, model.hardware).when === 'now',
  );
  const toStored = editsTowards(stored, live, device);
  return (
    <Alert
      variant="light"
      color="yellow"
      icon={<IconClockPause aria-hidden />}
      title={t('hardware:pending.title')}
      role="status"
    >
      <Stack gap="xs" align="flex-start">
        <ul className={classes['plainList']}>
          {pending.map((difference) => (
            <li key={difference.field}>
              <Text size="sm">{differenceText(difference, speech)}</Text>
            </li>
          ))}
        </ul>
        {(toLive.length > 0 || toStored.length > 0) && (
          <Group gap="xs">
            {toLive.length > 0 && (
              <Button
                size="xs"
                variant="default"
                disabled={!editable}
                onClick={() => toLive.forEach((edit) => model.putLive(edit))}
              >
                {t('hardware:pending.now')}
              </Button>
            )}
            {toStored.length > 0 && (
              <Button
                size="xs"
                variant="default"
                disabled={!editable}
                onClick={() => toStored.forEach((edit) => model.put(edit))}
              >
                {t('hardware:pending.keep')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
