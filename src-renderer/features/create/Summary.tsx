import { Button, Divider, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import type { LimenError } from '@limen/contract';
import { copyText } from '../../api/clipboard.ts';
import { ErrorCallout } from '../../components/ErrorCallout.tsx';
import { FactList } from '../../components/FactList.tsx';
import { Panel } from '../../components/Panel.tsx';
import { UsageBar } from '../../components/UsageBar.tsx';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { useText } from '../../locales/i18n.ts';
import classes from './create.module.css';
import { needsImage } from './form-values.ts';
import { nameRange } from './name-suggestion.ts';
import {
  bytesToCopy,
  type Concern,
  concernsOf,
  hostUsage,
  quotaUsage,
  secondsToCopy,
  type Usage,
} from './summary.ts';
import type { CreateModel } from './use-create.ts';

export interface SummaryProps {
  readonly model: CreateModel;
  readonly busy: boolean;
  /** Why the host refused the last attempt. */
  readonly error: LimenError | undefined;
  readonly onCancel: () => void;
}

/** What will be made, what it takes, what stands against it; and the button. */
export function Summary({ model, busy, error, onCancel }: SummaryProps) {
  const { t, language } = useText();
  const { values, preset, image, target, quota } = model;
  const concerns = concernsOf({ values, preset, host: target, quota });
  const blocked = concerns.some((concern) => concern.blocks);
  const count = Number(values.count) || 1;
  const missing = t('common:gap');
  const attached = values.tab === 'disk' && values.diskMode === 'attach';
  return (
    <Panel title={t('create:summary.title')}>
      <Stack gap="sm">
        <FactList
          facts={[
            {
              label: t('create:name.name'),
              value: nameRange(values.name, count, Number(values.firstNumber)) || missing,
            },
            { label: t('create:host.label'), value: target?.link.name ?? missing },
            ...(needsImage(values)
              ? [{ label: t('create:summary.image'), value: image?.name ?? missing }]
              : []),
            { label: t('create:summary.system'), value: preset?.name ?? missing },
            {
              label: t('create:size.title'),
              value: t(count > 1 ? 'create:summary.sizeEach' : 'create:summary.size', {
                vcpus: values.vcpus,
                memory: formatBytes(Number(values.memoryBytes), language),
              }),
            },
            {
              label: t('create:disk.title'),
              value: attached
                ? values.path
                : count > 1
                  ? t('create:summary.diskEach', { size: formatBytes(Number(values.diskBytes), language) })
                  : formatBytes(Number(values.diskBytes), language),
            },
          ]}
        />
        <Usages title={t('create:summary.quota')} usages={quotaUsage(quota, values)} />
        <Usages
          title={t('create:summary.capacity', { host: target?.link.name ?? '' })}
          usages={hostUsage(target, values)}
        />
        <Concerns concerns={concerns} />
        {error && <ErrorCallout error={error} copy={copyText} />}
        <Stack gap="sm" className={classes['actions'] ?? ''}>
          <Divider />
          <Text size="xs" c="var(--limen-quiet)">
            <Estimate model={model} />
          </Text>
          <Group grow preventGrowOverflow={false} gap="xs">
            <Button variant="default" onClick={onCancel}>
              {t('common:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={blocked || !target}>
              {count > 1
                ? t('create:summary.createMany', { number: formatNumber(count, language) })
                : t('create:summary.create')}
            </Button>
          </Group>
        </Stack>
      </Stack>
    </Panel>
  );
}

function Usages({ title, usages }: { readonly title: string; readonly usages: readonly Usage[] }) {
  const { t, language } = useText();
  if (usages.length === 0) return null;
  return (
    <Stack gap={8} component="section" aria-label={title}>
      <Text size="xs" fw={600} c="var(--limen-quiet)">
        {title}
      </Text>
      {usages.map((usage) => {
        const inBytes = usage.resource === 'memoryBytes' || usage.resource === 'diskBytes';
        return (
          <UsageBar
            key={usage.resource}
            label={t(`create:resource.${usage.resource}`)}
            used={usage.used}
            added={usage.added}
            limit={usage.limit}
            format={(value) => (inBytes ? formatBytes(value, language) : formatNumber(value, language))}
          />
        );
      })}
    </Stack>
  );
}

function Concerns({ concerns }: { readonly concerns: readonly Concern[] }) {
  const { t } = useText();
  if (concerns.length === 0) return null;
  return (
    <ul className={classes['concerns']} aria-label={t('create:summary.concerns')}>
      {concerns.map(({ key, blocks, packages }) => {
        const Icon = blocks ? IconAlertCircle : IconAlertTriangle;
        return (
          <li key={key}>
            <Icon size={16} aria-hidden color={blocks ? 'var(--limen-error)' : 'var(--limen-paused)'} />
            <span>
              <VisuallyHidden>{t(blocks ? 'create:summary.blocks' : 'create:summary.warns')}</VisuallyHidden>
              {t(`create:concern.${key}`)}
              {packages.length > 0 && ` ${t('create:install', { packages: packages.join(', ') })}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Estimate({ model }: { readonly model: CreateModel }) {
  const { t, language } = useText();
  const bytes = bytesToCopy(model.values, model.target);
  if (bytes === 0) return t('create:summary.atOnce');
  return t('create:summary.copies', {
    size: formatBytes(bytes, language),
    seconds: formatNumber(secondsToCopy(bytes), language),
  });
}
