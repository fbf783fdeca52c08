/** PRelu, which onnxruntime computes slowly and outside its fast layout, as operators that it fuses into convolutions. */
import { floatInput, freshName, type Graph, type GraphNode, makeNode, makePointwise } from './graph.ts';
import { inferChannels } from './infer-channels.ts';

/** Replaces each PRelu whose slopes are constants, one for each channel or one for all. */
export function replacePrelu(graph: Graph): void {
  const channels = inferChannels(graph);
  graph.nodes = graph.nodes.flatMap((node) => {
    const slopes = node.operator === 'PRelu' ? floatInput(graph, node, 1)?.data : undefined;
    const count = channels.get(node.inputs[0] as string);
    if (!slopes || !count) return [node];
    if (slopes.length === 1) return rewritePrelu(graph, node, new Float32Array(count).fill(slopes[0] as number));
    return slopes.length === count ? rewritePrelu(graph, node, slopes) : [node];
  });
}

function rewritePrelu(graph: Graph, node: GraphNode, slopes: Float32Array): GraphNode[] {
  const ends = { input: node.inputs[0] as string, output: node.outputs[0] as string };
  return slopes.every((slope) => slope <= 1) ? sumOfTwo(graph, ends, slopes) : sumOfHalves(graph, ends, slopes);
}

type Ends = { input: string; output: string };

/**
 * a*x + relu((1-a)*x), right for a <= 1: onnxruntime fuses the Relu into one convolution and the sum into the other.
 * With the halves below, jr_97.80 takes 10 % longer.
 */
function sumOfTwo(graph: Graph, { input, output }: Ends, slopes: Float32Array): GraphNode[] {
  const [rest, positive, sloped] = freshNames(graph);
  const scaled = scale(
    graph,
    { input, output: rest },
    slopes.map((slope) => 1 - slope),
  );
  return [
    scaled,
    makeNode('Relu', [rest], positive),
    scale(graph, { input, output: sloped }, slopes),
    makeNode('Add', [sloped, positive], output),
  ];
}

/** relu(x) - a*relu(-x), right for any slope. */
function sumOfHalves(graph: Graph, { input, output }: Ends, slopes: Float32Array): GraphNode[] {
  const [positive, turned, negative] = freshNames(graph);
  const sloped = `${negative}_sloped`;
  return [
    makeNode('Relu', [input], positive),
    scale(
      graph,
      { input, output: turned },
      slopes.map(() => -1),
    ),
    makeNode('Relu', [turned], negative),
    scale(
      graph,
      { input: negative, output: sloped },
      slopes.map((slope) => -slope),
    ),
    makeNode('Add', [sloped, positive], output),
  ];
}

function freshNames(graph: Graph): [string, string, string] {
  return [freshName(graph), freshName(graph), freshName(graph)];
}

/** Each channel times its own factor, as a depthwise convolution. */
function scale(graph: Graph, ends: Ends, factors: Float32Array): GraphNode {
  return makePointwise(graph, { ...ends, weights: { kind: 'float', dims: [factors.length, 1, 1, 1], data: factors } });
}
