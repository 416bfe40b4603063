import { Alert, Button, Group, Loader, Modal, Progress, ScrollArea, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconX } from '@tabler/icons-react';
import { errorText } from '../../components/error-text.ts';
import { isDestructive, stateLooks } from '../../components/state-icons.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './BulkDialog.module.css';
import type { BulkPlan, BulkSkip, BulkTarget } from './bulk-plan.ts';
import { type ItemStatus, useBulkRun } from './use-bulk-run.ts';

export interface BulkDialogProps {
  readonly plan: BulkPlan;
  readonly onClose: () => void;
}

/** First what would happen to whom and who is skipped and why; then, in the same list, what did happen. */
export function BulkDialog({ plan, onClose }: BulkDialogProps) {
  const { t } = useText();
  const { statuses, busy, run } = useBulkRun();
  const action = t(`power:action.${plan.action}`);
  const count = plan.targets.length;
  const failed = plan.targets.filter((target) => statuses?.get(target.key)?.kind === 'failed');
  const done = plan.targets.filter((target) => statuses?.get(target.key)?.kind === 'done').length;

  return (
    <Modal opened onClose={onClose} title={t('machines:bulk.title', { action, count })} size="lg">
      <Stack>
        {count === 0 && <Text size="sm">{t('machines:bulk.nothing')}</Text>}
        {isDestructive(plan.action) && count > 0 && !statuses && (
          <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
            {t('machines:bulk.lost')}
          </Alert>
        )}
        {!statuses && plan.skipped.length > 0 && (
          <Text size="sm">{t('machines:bulk.skippedSummary', { count: plan.skipped.length })}</Text>
        )}
        <ScrollArea.Autosize mah={360} type="auto" viewportProps={{ tabIndex: 0 }}>
          {count > 0 && <Targets plan={plan} statuses={statuses} />}
          {plan.skipped.length > 0 && <Skipped skips={plan.skipped} />}
        </ScrollArea.Autosize>
        {statuses && (
          <div role="status">
            <Text size="xs" c="var(--limen-quiet)" mb={4}>
              {t('machines:bulk.progress', { done, total: count })}
            </Text>
            <Progress.Root size="sm">
              <Progress.Section
                value={(done / Math.max(1, count)) * 100}
                aria-label={t('machines:bulk.progress', { done, total: count })}
              />
            </Progress.Root>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {statuses ? t('common:close') : t('common:cancel')}
          </Button>
          {!statuses && count > 0 && (
            <Button
              data-autofocus
              color={isDestructive(plan.action) ? 'red' : 'accent'}
              onClick={() => run(plan.action, plan.targets)}
            >
              {t('machines:bulk.run', { action, count })}
            </Button>
          )}
          {failed.length > 0 && (
            <Button disabled={busy} onClick={() => run(plan.action, failed)}>
              {t('machines:bulk.retry')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

interface TargetsProps {
  readonly plan: BulkPlan;
  readonly statuses: ReadonlyMap<BulkTarget['key'], ItemStatus> | undefined;
}

function Targets({ plan, statuses }: TargetsProps) {
  const { t } = useText();
  return (
    <section aria-label={t('machines:bulk.will')}>
      <Text size="xs" fw={600} c="var(--limen-quiet)">
        {t('machines:bulk.will')} · {plan.targets.length}
      </Text>
      <ul className={classes['list']}>
        {plan.targets.map(({ key, machine }) => (
          <li key={key}>
            <span>{machine.name}</span>
            <Status status={statuses?.get(key)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Status({ status }: { readonly status: ItemStatus | undefined }) {
  const { t } = useText();
  if (!status) return null;
  const label = t(`machines:bulk.status.${status.kind}`);
  switch (status.kind) {
    case 'waiting':
      return (
        <span className={classes['status']}>
          <IconClock size={14} aria-hidden /> {label}
        </span>
      );
    case 'running':
      return (
        <span className={classes['status']}>
          <Loader size={12} aria-hidden /> {label}
        </span>
      );
    case 'done':
      return (
        <span className={classes['status']} style={{ color: 'var(--limen-running)' }}>
          <IconCheck size={14} aria-hidden /> {label}
        </span>
      );
    case 'failed':
      return (
        <span className={classes['status']} style={{ color: 'var(--limen-error)' }}>
          <IconX size={14} aria-hidden /> {label}: {errorText(status.error, t).why}
        </span>
      );
  }
}

function Skipped({ skips }: { readonly skips: readonly BulkSkip[] }) {
  const { t } = useText();
  const why = ({ reason, machine, hostName }: BulkSkip) => {
    if (reason !== 'state') return t(`machines:bulk.reason.${reason}`, { host: hostName });
    const state = machine ? t(stateLooks[machine.state].label).toLowerCase() : '';
    return t('machines:bulk.reason.state', { state });
  };
  return (
    <section aria-label={t('machines:bulk.skipped')}>
      <Text size="xs" fw={600} c="var(--limen-quiet)" mt="xs">
        {t('machines:bulk.skipped')} · {skips.length}
      </Text>
      <ul className={classes['list']} data-quiet>
        {skips.map((skip) => (
          <li key={skip.key}>
            <span>{skip.machine?.name ?? skip.key}</span>
            <span className={classes['status']}>{why(skip)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
