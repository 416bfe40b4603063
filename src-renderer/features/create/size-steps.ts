/** 1, 2, 3, 4, 6, 8, 12, 16 … times the start, up to the first at or above the end: evenly far by eye. */
export function stepsUpTo(start: number, end: number): readonly number[] {
  const steps = [start];
  for (let power = start * 2; (steps.at(-1) ?? end) < end; power *= 2) {
    steps.push(power);
    if (power < end && power > start) steps.push(power * 1.5);
  }
  return steps;
}

/** Index of the step nearest to a value, by ratio. */
export function nearestStep(steps: readonly number[], value: number): number {
  let best = 0;
  for (const [index, step] of steps.entries()) {
    const known = steps[best] ?? step;
    if (Math.abs(Math.log(step / value)) < Math.abs(Math.log(known / value))) best = index;
  }
  return best;
}
