import { isFinished } from '@limen/contract';
import { Button, Popover, ScrollArea, Stack, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { IconChecklist, IconLoader2 } from '@tabler/icons-react';
import { useText } from '../../locales/i18n.ts';
import { useAllJobs } from '../../stores/jobs.ts';
import { useAllLinks } from '../../stores/links.ts';
import { closeOverlays, openJobDetails, openJobs, useOverlays } from '../../stores/overlays.ts';
import { JobItem } from './JobItem.tsx';
import classes from './jobs.module.css';

/** Beyond these, ended jobs are history, which the machine's own page will tell. */
const ENDED_SHOWN = 12;

/** How much is under way, in the header; all of it behind a click. */
export function JobsButton() {
  const { t } = useText();
  const opened = useOverlays((state) => state.jobs);
  const jobs = useAllJobs();
  const running = jobs.filter(({ job }) => !isFinished(job.state));
  const ended = jobs.filter(({ job }) => isFinished(job.state)).slice(0, ENDED_SHOWN);
  const links = useAllLinks();
  const busy = running.length > 0;
  // The popover's own Escape needs the focus in it, which is lost with the button of a job that was cancelled.
  useWindowEvent('keydown', ({ key }) => {
    if (opened && key === 'Escape') closeOverlays();
  });
  const turns = running.some(({ linkId }) =>
    links.some(({ id, state }) => id === linkId && state === 'live'),
  );
  return (
    <Popover
      opened={opened}
      onChange={(open) => (open ? openJobs() : closeOverlays())}
      offset={12}
      position="bottom-end"
      width={400}
      shadow="md"
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          c="inherit"
          px="xs"
          h={36}
          leftSection={
            turns ? (
              <IconLoader2 size={18} aria-hidden className={classes['spin']} />
            ) : (
              <IconChecklist size={18} aria-hidden />
            )
          }
          onClick={() => (opened ? closeOverlays() : openJobs())}
          aria-haspopup="dialog"
          aria-expanded={opened}
        >
          {busy ? t('jobs:running', { count: running.length }) : t('jobs:title.all')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('jobs:title.all')}>
        {jobs.length === 0 ? (
          <Text size="sm" p="md" c="var(--limen-quiet)">
            {t('jobs:none')}
          </Text>
        ) : (
          <ScrollArea.Autosize mah={480} type="auto" viewportProps={{ tabIndex: 0 }}>
            <Stack component="ul" className={classes['list'] ?? ''} gap="md" p="md">
              {[...running, ...ended].map((entry) => (
                <JobItem
                  key={`${entry.linkId}/${entry.job.id}`}
                  {...entry}
                  onDetails={() => openJobDetails({ linkId: entry.linkId, jobId: entry.job.id })}
                />
              ))}
            </Stack>
          </ScrollArea.Autosize>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
