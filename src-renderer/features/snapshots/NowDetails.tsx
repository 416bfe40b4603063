import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import { JobNotice } from './JobNotice.tsx';
import { whyNone } from './model/ways.ts';
import { Reasons } from './Reasons.tsx';
import classes from './snapshots.module.css';
import type { SnapshotsModel } from './use-snapshots-model.ts';

/** The machine as it is now: what it goes on from, and what can be done. */
export function NowDetails({
  model,
  onTake,
}: {
  readonly model: SnapshotsModel;
  readonly onTake: () => void;
}) {
  const { t } = useText();
  const { tree, hindrance } = model;
  const current = tree.snapshots.find((snapshot) => snapshot.current);
  const refusals = whyNone(tree.options);
  return (
    <section className={classes['details']} aria-label={t('snapshots:now.title')}>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t('snapshots:now.title')}
        </Title>
        <JobNotice model={model} />
        <Text size="sm">
          {current ? t('snapshots:now.after', { name: current.name }) : t('snapshots:now.alone')}
        </Text>
        {refusals.length > 0 && <Reasons refusals={refusals} />}
        {hindrance === 'role' && <Text size="sm">{t('snapshots:hindrance.role')}</Text>}
        <Group>
          <Button
            leftSection={<IconCamera size={16} aria-hidden />}
            disabled={hindrance !== null || refusals.length > 0}
            onClick={onTake}
          >
            {t('snapshots:take.menu')}
          </Button>
        </Group>
      </Stack>
    </section>
  );
}
