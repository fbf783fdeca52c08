/** How many channels the tensors of a convolutional net have. */
import { floatInput, type Graph } from './graph.ts';

/** Operators that work on each value by itself, or each channel by itself, and so keep the number of channels. */
export const CHANNEL_KEEPING = new Set([
  'Relu',
  'PRelu',
  'Sigmoid',
  'Clip',
  'MaxPool',
  'AveragePool',
  'GlobalAveragePool',
]);

/** Channels by tensor name, where they follow from convolutions; other tensors are absent. */
export function inferChannels(graph: Graph): Map<string, number> {
  const channels = new Map<string, number>();
  for (const node of graph.nodes) {
    const [output] = node.outputs as [string];
    if (node.operator === 'Conv') set(channels, output, floatInput(graph, node, 1)?.dims[0]);
    else if (CHANNEL_KEEPING.has(node.operator)) set(channels, output, channels.get(node.inputs[0] as string));
    else if (isSum(node.operator)) {
      const counts = node.inputs.map((input) => channels.get(input));
      // Unequal counts mean broadcasting, which no pass of ours understands.
      if (counts.every((count) => count === counts[0])) set(channels, output, counts[0]);
    }
  }
  return channels;
}

/** Whether an operator joins two tensors channel by channel. */
export function isSum(operator: string): boolean {
  return operator === 'Add' || operator === 'Mul';
}

function set(channels: Map<string, number>, name: string, count: number | undefined): void {
  if (count !== undefined) channels.set(name, count);
}
