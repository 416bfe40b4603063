import type { StepMoment } from '../../../host-service/src/jobs/execution.ts';
import type { Work } from './works.ts';

/** A job that is to be where something is killed. */
export interface Scenario {
  readonly name: string;
  readonly work: Work;
  readonly step: string;
  readonly moment: StepMoment;
  /**
   * `on`: it goes on after the kill; `cancelled`: somebody cancels it there before; `back`: it is cancelled at its
   * last step, and is being undone.
   */
  readonly route: 'on' | 'cancelled' | 'back';
}

/** Other moments leave the same behind: what is after a step's save is before the next one's preparation. */
const forward: readonly StepMoment[] = ['before-prepare', 'after-prepare', 'after-run'];
const back: readonly StepMoment[] = ['before-undo', 'after-undo'];

/** Every point of a work, by every route that leads there. */
export function scenariosOf(work: Work): Scenario[] {
  return work.steps.flatMap((step, index) => {
    const moments = forward.filter((moment) => moment !== 'before-prepare' || step === 'delete');
    return [
      ...moments.flatMap((moment) => (['on', 'cancelled'] as const).map((route) => ({ moment, route }))),
      ...back.map((moment) => ({ moment, route: 'back' as const })),
    ].map(({ moment, route }, n) => ({
      name: `${work.label}-${index}${step}-${n}`,
      work,
      step,
      moment,
      route,
    }));
  });
}

/** In rounds that the host can do at once. */
export function rounds(scenarios: readonly Scenario[]): Scenario[][] {
  const all: Scenario[][] = [];
  for (const scenario of scenarios) {
    const { steps, atOnce } = scenario.work;
    // Works with the same steps are of one kind.
    const fits = (round: Scenario[]) => round.filter(({ work }) => work.steps === steps).length < atOnce;
    const round = all.find(fits);
    if (round === undefined) all.push([scenario]);
    else round.push(scenario);
  }
  return all;
}
