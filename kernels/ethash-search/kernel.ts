import type { Kernel } from '../declaration.js';
import { type EpochDag, epochDag, type ReducedDag, reducedDag } from '../ethash/dag-choice.js';
import { nonceSearch } from './nonce-search.js';
import type { SearchInput, SearchOutput } from './searching.js';

export type { SearchInput, SearchOutput } from './searching.js';

export type EthashSearchInput = SearchInput & EpochDag;
export type ReducedSearchInput = SearchInput & ReducedDag;

/** What a card does that mines Ethereum Classic today, or Ethereum until 2022. */
export const ethashSearch: Kernel<EthashSearchInput, SearchOutput> = {
  ...nonceSearch('ethash-search', epochDag('ethash-search')),
  title:
    "Ethash over a range of nonces with a real epoch's DAG: Ethereum's proof of work until 2022, and Ethereum Classic's (Etchash)",
  source: 'Ethash specification (ethereum.org); Yellow Paper, appendix J and section 4.4.4; ECIP-1099 for Etchash',
  workloads: [
    { epoch: 0, etchash: 0, small: 0, nonces: 262144 },
    // Ethereum's last: block 15,537,393 of 15 September 2022.
    { epoch: 517, etchash: 0, small: 0, nonces: 262144 },
    // Ethereum Classic in November 2026: 19,250,000 blocks on 5 February 2024, and some 6,490 a day since.
    { epoch: 430, etchash: 1, small: 0, nonces: 262144 },
  ],
};

/** The same search over a DAG that a software adapter makes in seconds. */
export const ethashSearchReduced: Kernel<ReducedSearchInput, SearchOutput> = {
  ...nonceSearch('ethash-search-reduced', reducedDag('ethash-search-reduced')),
  title:
    "Ethash over a range of nonces with a reduced DAG, which is no real network's: the rate tells how variants compare, not earnings",
  source: "Ethash specification (ethereum.org), with sizes as in the clients' own tests",
  workloads: [
    { kib: 65536, nonces: 16384 },
    { kib: 65536, nonces: 131072 },
  ],
};
