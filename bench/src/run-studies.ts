import type { RunningCluster } from '../../tools/harness/cluster.ts';
import type { Plan } from './plan.ts';
import { studyGrowth } from './studies/growth.ts';
import { studyKeyFlood } from './studies/keyflood.ts';
import { studyRevocation } from './studies/revocation.ts';
import { studyRotation } from './studies/rotation.ts';
import { studySideChannel } from './studies/sidechannel.ts';
import type { Study, StudyOf } from './studies/study.ts';

const studies = {
  revocation: studyRevocation,
  keyflood: studyKeyFlood,
  sidechannel: studySideChannel,
  rotation: studyRotation,
  growth: studyGrowth((plan) => plan.storedCards),
  'growth-10m': studyGrowth((plan) => [...plan.storedCards, 10_000_000]),
} as const satisfies Record<string, StudyOf>;
export type StudyName = keyof typeof studies;
export const studyNames = Object.keys(studies) as StudyName[];

/** Makes studies one after the other and prints what they find. @returns what must not have been */
export async function runStudies(
  running: RunningCluster,
  plan: Plan,
  names: readonly StudyName[],
): Promise<string[]> {
  const complaints: string[] = [];
  for (const name of names) {
    const study = await studies[name](running, plan);
    console.log(`\n${textOf(study)}\n`);
    complaints.push(...study.complaints.map((complaint) => `${name}: ${complaint}`));
  }
  return complaints;
}

function textOf({ name, rows }: Study): string {
  const width = Math.max(...rows.map(([what]) => what.length));
  return [name, ...rows.map(([what, figure]) => `  ${what.padEnd(width)}  ${figure}`)].join('\n');
}
