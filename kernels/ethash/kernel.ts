import type { Kernel } from '../declaration.js';
import { type EpochDag, epochDag, type ReducedDag, reducedDag } from './dag-choice.js';
import { hashList } from './hash-list.js';
import type { EthashOutput, HashInput } from './hashing.js';

export type { EthashOutput, HashInput } from './hashing.js';

export type EthashInput = HashInput & EpochDag;
export type ReducedInput = HashInput & ReducedDag;

/** Ethereum's proof of work, with the DAG that its epoch had, and Ethereum Classic's of today. */
export const ethash: Kernel<EthashInput, EthashOutput> = {
  ...hashList('ethash', epochDag('ethash')),
  title: "Ethash with a real epoch's DAG: mix and final hashes, Ethereum's until 2022 and Ethereum Classic's (Etchash)",
  source: 'Ethash specification (ethereum.org); Yellow Paper, appendix J; ECIP-1099 for Etchash',
};

/** The same over a DAG that a software adapter makes in seconds. */
export const ethashReduced: Kernel<ReducedInput, EthashOutput> = {
  ...hashList('ethash-reduced', reducedDag('ethash-reduced')),
  title: "Ethash with a reduced DAG, which is no real network's: mix and final hashes",
  source: "Ethash specification (ethereum.org), with sizes as in the clients' own tests",
};
