import type { Job } from '@limen/contract';
import { hideNotification, notifications } from '@mantine/notifications';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useOpenConsole } from '../../actions/use-open-console.ts';
import { shortList } from '../../lib/short-list.ts';
import { navigate } from '../../lib/use-route.ts';
import {
  followedJobsStore,
  type FollowedJobs,
  progressOf,
  unfollowJobs,
} from '../../stores/followed-jobs.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { openJobDetails, useOverlays } from '../../stores/overlays.ts';
import { JobDetails } from './JobDetails.tsx';
import { FailedMessage, NoticeTitle, ReadyMessage, RunningIcon, RunningMessage } from './JobMessages.tsx';

function namesOf(jobs: readonly Job[]): string {
  return shortList(jobs.map((job) => job.subject.name));
}

/**
 * Tells about the jobs this person began: one notice each, from the first progress to the end. Jobs of others, and
 * of other desktops, are in the header's list only.
 */
export function JobNotices() {
  const details = useOverlays((state) => state.job);
  const openConsole = useOpenConsole();

  useEffect(() => {
    const shown = new Set<string>();
    const tell = () => {
      for (const followed of followedJobsStore.getState().followed) {
        const { over } = progressOf(followed, jobsStore.getState().hosts.get(followed.linkId));
        if (over) {
          shown.delete(followed.id);
          unfollowJobs(followed.id);
          hideNotification(followed.id);
          notifyEnd(followed);
        } else if (!shown.has(followed.id)) {
          shown.add(followed.id);
          notifications.show({
            id: followed.id,
            icon: <RunningIcon linkId={followed.linkId} />,
            styles: { icon: { background: 'none' } },
            title: <NoticeTitle phase="doing" kind={followed.kind} name={followed.name} />,
            message: <RunningMessage followed={followed} />,
            autoClose: false,
          });
        }
      }
    };
    const notifyEnd = (followed: FollowedJobs) => {
      const { linkId, kind } = followed;
      const { done, failed } = progressOf(followed, jobsStore.getState().hosts.get(linkId));
      const [failure] = failed;
      const [success] = done;
      if (failure) {
        notifications.show({
          color: 'red',
          icon: <IconAlertCircle size={18} />,
          title: <NoticeTitle phase="failed" kind={kind} name={namesOf(failed)} />,
          message: (
            <FailedMessage
              job={failure}
              failed={failed.length}
              total={followed.jobIds.length}
              onDetails={() => openJobDetails({ linkId, jobId: failure.id })}
            />
          ),
          autoClose: false,
        });
      } else if (success) {
        const machineId = kind === 'machine.purge' ? null : success.subject.machineId;
        const single = followed.jobIds.length === 1 && machineId !== null;
        notifications.show({
          icon: <IconCheck size={18} />,
          title: <NoticeTitle phase="done" kind={kind} name={namesOf(done)} />,
          message: single ? (
            <ReadyMessage
              onOpen={() => navigate({ page: 'machine', linkId, machineId })}
              onConsole={kind === 'machine.create' ? () => openConsole({ linkId, machineId }) : undefined}
            />
          ) : null,
          autoClose: 8_000,
        });
      }
    };
    tell();
    const ends = [jobsStore.subscribe(tell), followedJobsStore.subscribe(tell)];
    return () => {
      for (const end of ends) end();
    };
  }, [openConsole]);

  return details ? <JobDetails target={details} /> : null;
}
