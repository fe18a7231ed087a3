import type { ChangedApiKey, Propagation } from 'payos-sdk';
import type { Output } from '../output.ts';

/** Says what became of a key, and which processes know of it. */
export function reportChange(output: Output, json: true | undefined, key: ChangedApiKey): void {
  if (json === true) {
    output.json(key);
    return;
  }
  output.line(`${key.id} ("${key.name}") is ${key.status}.`);
  reportPropagation(output, key.propagation);
}

/** How far a change has come. */
export function reportPropagation(output: Output, propagation: Propagation): void {
  const { nodes, acknowledged, milliseconds, waiting } = propagation;
  if (nodes === 0) {
    output.remark('No process remembered API keys at the time.');
    return;
  }
  const time = milliseconds === null ? '' : ` within ${milliseconds.toFixed(1)} ms`;
  output.remark(`${acknowledged} of ${nodes} processes have acknowledged it${time}.`);
  for (const { node, kind, seen_at } of waiting) {
    output.remark(`  ${kind} ${node} was last heard of at ${seen_at}. Until it has heard of the`);
    output.remark('  change it trusts nothing it remembers for over a second.');
  }
}
