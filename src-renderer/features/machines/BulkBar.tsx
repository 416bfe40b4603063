import { powerAction } from '@limen/contract';
import { Button, CloseButton, Group, Paper, Text } from '@mantine/core';
import { useState } from 'react';
import { actionIcons, isDestructive } from '../../components/state-icons.ts';
import { useText } from '../../locales/i18n.ts';
import { useInventory } from '../../stores/inventory.ts';
import { useAllLinks } from '../../stores/links.ts';
import { parseMachineKey } from '../../stores/machine-key.ts';
import { setSelection, useMachineView } from '../../stores/machine-view.ts';
import { BulkDialog } from './BulkDialog.tsx';
import { type BulkCandidate, type BulkPlan, bulkActions, planBulk } from './bulk-plan.ts';

/** What can be done with the selected machines, all at once. */
export function BulkBar() {
  const { t } = useText();
  const selection = useMachineView((state) => state.selection);
  const hosts = useInventory((state) => state.hosts);
  const links = useAllLinks();
  const [plan, setPlan] = useState<BulkPlan>();

  const candidates: BulkCandidate[] = [...selection].map((key) => {
    const { linkId, machineId } = parseMachineKey(key);
    return {
      key,
      machine: hosts.get(linkId)?.machines.get(machineId),
      link: links.find((link) => link.id === linkId),
    };
  });

  return (
    <Paper
      withBorder
      shadow="md"
      p="xs"
      role="toolbar"
      aria-label={t('machines:bulk.label')}
      bg="var(--limen-raised)"
    >
      <Group gap="xs">
        <Text size="sm" fw={600} mx="xs">
          {t('machines:bulk.selected', { count: selection.size })}
        </Text>
        {bulkActions(candidates, powerAction.options).map((action) => {
          const Icon = actionIcons[action];
          return (
            <Button
              key={action}
              size="xs"
              variant="default"
              {...(isDestructive(action) && { c: 'var(--limen-error)' })}
              leftSection={<Icon size={14} aria-hidden />}
              onClick={() => setPlan(planBulk(action, candidates))}
            >
              {t(`power:action.${action}`)}
            </Button>
          );
        })}
        <CloseButton ml="auto" aria-label={t('machines:bulk.clear')} onClick={() => setSelection([])} />
      </Group>
      {plan && <BulkDialog plan={plan} onClose={() => setPlan(undefined)} />}
    </Paper>
  );
}
