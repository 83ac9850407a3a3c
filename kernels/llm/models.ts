/**
 * Decoder-only models by their published shapes. Weights are made from a seed: what is measured is the work of such a
 * model, not its words.
 */
export interface Model {
  readonly id: string;
  readonly name: string;
  /** Where the shape is published. */
  readonly source: string;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  /** Width of the feed-forward layer. */
  readonly hidden: number;
  readonly vocabulary: number;
  /** The last product has the embedding's rows as its weights. */
  readonly tied: boolean;
}

const VOCABULARY = 128_256;

/** Every size is a multiple of 128, so that no variant has to pad a matrix of weights. */
export const models: readonly Model[] = [
  {
    id: 'tiny',
    name: 'Toy of two layers',
    source: 'no published model: two layers of a Llama with a small vocabulary, for software adapters',
    ...{ layers: 2, width: 256, heads: 4, kvHeads: 2, headSize: 64, hidden: 512, vocabulary: 1024, tied: true },
  },
  {
    id: 'llama-1b',
    name: 'Llama 3.2 1B',
    source: 'Meta, Llama 3.2 1B, config.json',
    ...{
      layers: 16,
      width: 2048,
      heads: 32,
      kvHeads: 8,
      headSize: 64,
      hidden: 8192,
      vocabulary: VOCABULARY,
      tied: true,
    },
  },
  {
    id: 'llama-3b',
    name: 'Llama 3.2 3B',
    source: 'Meta, Llama 3.2 3B, config.json',
    ...{
      layers: 28,
      width: 3072,
      heads: 24,
      kvHeads: 8,
      headSize: 128,
      hidden: 8192,
      vocabulary: VOCABULARY,
      tied: true,
    },
  },
  {
    id: 'llama-8b',
    name: 'Llama 3.1 8B',
    source: 'Grattafiori et al. 2024, The Llama 3 Herd of Models, table 3',
    ...{
      layers: 32,
      width: 4096,
      heads: 32,
      kvHeads: 8,
      headSize: 128,
      hidden: 14336,
      vocabulary: VOCABULARY,
      tied: false,
    },
  },
];

/** How the matrices of the layers are stored; embedding and norms are f16 in any case. */
export type WeightType = 'f16' | 'q4';

export interface Matrix {
  readonly name: string;
  /** Rows (outputs) and columns (inputs): weights lie [n, k], as matmul's flag `bt` has them. */
  readonly n: number;
  readonly k: number;
  readonly type: WeightType;
  readonly seed: number;
}

/** Queries, keys and values of a token lie side by side, and so do gates and ups: one product each. */
export function layerMatrices(model: Model, layer: number, type: WeightType) {
  const { width, heads, kvHeads, headSize, hidden } = model;
  const of = (part: number, name: string, n: number, k: number): Matrix => ({
    ...{ name: `${name}.${layer}`, n, k, type },
    seed: 16 * (layer + 1) + part,
  });
  return {
    qkv: of(0, 'qkv', (heads + 2 * kvHeads) * headSize, width),
    o: of(1, 'o', width, heads * headSize),
    gateUp: of(2, 'gateUp', 2 * hidden, width),
    down: of(3, 'down', width, hidden),
  };
}

/** Seeds of a layer's two norms, and of the last one. */
export const normSeed = (index: number): number => 8 * index + 0x4000_0000;

export const embeddingMatrix = ({ vocabulary, width }: Model): Matrix => ({
  ...{ name: 'embedding', n: vocabulary, k: width, type: 'f16', seed: 1 },
});

/** The matrix of the last product. */
export function headMatrix(model: Model, type: WeightType): Matrix {
  if (model.tied) return embeddingMatrix(model);
  return { name: 'head', n: model.vocabulary, k: model.width, type, seed: 2 };
}

/** Bytes of a matrix: f16, or 18 bytes for 32 weights. */
export const matrixBytes = ({ n, k, type }: Matrix): number => (type === 'f16' ? 2 * n * k : (n * k * 18) / 32);

/** All matrices that one token has to be multiplied by. */
export function tokenMatrices(model: Model, type: WeightType): Matrix[] {
  const layers = Array.from({ length: model.layers }, (_, layer) => Object.values(layerMatrices(model, layer, type)));
  return [...layers.flat(), headMatrix(model, type)];
}

/** All matrices, the embedding once. */
const allMatrices = (model: Model, type: WeightType): Matrix[] => [
  ...tokenMatrices(model, type),
  ...(model.tied ? [] : [embeddingMatrix(model)]),
];
const normElements = ({ layers, width }: Model): number => (2 * layers + 1) * width;

/** Weights of all matrices and norms. */
export const parameterCount = (model: Model): number =>
  allMatrices(model, 'f16').reduce((sum, { n, k }) => sum + n * k, normElements(model));

/** Bytes of all weights, embedding and norms included. */
export const weightBytes = (model: Model, type: WeightType): number =>
  allMatrices(model, type).reduce((sum, matrix) => sum + matrixBytes(matrix), 2 * normElements(model));
